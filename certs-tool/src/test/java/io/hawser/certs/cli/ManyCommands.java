package io.hawser.certs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Runs many commands in one process, for tests that need a process with an environment of its own. */
final class ManyCommands {
    private ManyCommands() {}

    /** Reads a list of lists of words from one file, and writes exit code and output of each to another. */
    public static void main(String[] arguments) throws IOException {
        var mapper = new ObjectMapper();
        ArrayNode results = mapper.createArrayNode();
        for (JsonNode command : mapper.readTree(new File(arguments[0]))) {
            var out = new StringWriter();
            var err = new StringWriter();
            var environment = new Environment(
                    InputStream.nullInputStream(),
                    new PrintWriter(out),
                    new PrintWriter(err),
                    System.getenv(),
                    Clock.systemUTC(),
                    text -> Optional.empty());
            String[] words = StreamSupport.stream(command.spliterator(), false)
                    .map(JsonNode::asText)
                    .toArray(String[]::new);
            int exit = new CertsTool(environment).run(words);
            results.addObject().put("exit", exit).put("out", out.toString()).put("err", err.toString());
        }
        mapper.writeValue(new File(arguments[1]), results);
    }
}
