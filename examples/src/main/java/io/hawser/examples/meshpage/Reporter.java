package io.hawser.examples.meshpage;

import io.hawser.mapping.TermMapper;
import io.hawser.mapping.TermMappingException;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A gen_server on each node, {@code mesh_page}, that tells what the node sees; and how to ask all of them. */
final class Reporter implements GenServer.Callbacks {
    private static final Atom NAME = Atom.of("mesh_page");
    private static final Atom REPORT = Atom.of("report");
    private static final TermMapper MAPPER = TermMapper.of(Report.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private Reporter() {}

    /** Starts to answer. */
    static void start(Node node) {
        GenServer.start(node.register(NAME), new Reporter());
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        if (call.request().equals(REPORT)) {
            call.reply(self, MAPPER.toTerm(Report.of(self.node())));
        } else {
            call.reply(self, Tuple.of(Atom.ERROR, Atom.of("unknown_request")));
        }
    }

    /** Asks this node and all that are connected to it; those that do not answer, or nonsense, are left out. */
    static List<Report> collect(Node node) throws InterruptedException {
        List<Report> reports = new ArrayList<>(List.of(Report.of(node)));
        List<Atom> others = new ArrayList<>();
        node.nodes().forEach(peer -> others.add(peer.atom()));
        node.hiddenNodes().forEach(peer -> others.add(peer.atom()));
        try (Mailbox caller = node.mailbox()) {
            GenServer.MultiReply replies = GenServer.multiCall(caller, others, NAME, REPORT, TIMEOUT);
            replies.replies().forEach((from, reply) -> add(reports, from, reply));
        }
        return reports;
    }

    private static void add(List<Report> reports, Atom from, Term reply) {
        try {
            Report report = MAPPER.fromTerm(reply, Report.class);
            if (NodeName.parse(report.node()).atom().equals(from)) { // a node speaks for itself alone
                reports.add(report);
            }
        } catch (TermMappingException | IllegalArgumentException e) {
            return; // something else has that name there
        }
    }
}
