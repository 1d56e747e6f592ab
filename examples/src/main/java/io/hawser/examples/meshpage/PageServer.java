package io.hawser.examples.meshpage;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hawser.node.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the page on the loopback address: four files, of which one is made anew at most once a second, however many look.
 * Who can open a connection to that port can see it; nothing can be changed by it. Thread-safe.
 */
final class PageServer implements AutoCloseable {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int THREADS = 4;
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "mesh.html", "text/html; charset=utf-8",
            "mesh.css", "text/css; charset=utf-8",
            "mesh.js", "text/javascript; charset=utf-8");

    private final Node node;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        var thread = new Thread(task, "mesh-page");
        thread.setDaemon(true);
        return thread;
    });
    private final Object lock = new Object();
    private byte[] mesh = {};
    private long madeAt;

    private PageServer(Node node, HttpServer server) {
        this.node = node;
        this.server = server;
    }

    static PageServer start(Node node, int port) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            var page = new PageServer(node, HttpServer.create(address, 0));
            page.server.createContext("/", page::answer);
            page.server.setExecutor(page.threads);
            page.server.start();
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException("page: cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String file = path.equals("/") ? "mesh.html" : path.substring(1);
            if (!isForUs(exchange.getRequestHeaders())) {
                send(exchange, 403, "text/plain", "this page is at " + url());
            } else if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "text/plain", "there is nothing to change here");
            } else if (file.equals("mesh.json")) {
                send(exchange, 200, "application/json", mesh());
            } else if (TYPES.containsKey(file)) {
                send(exchange, 200, TYPES.get(file), resource(file));
            } else {
                send(exchange, 404, "text/plain", "there is no such page");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another site must not have a browser read this one by a name that leads here. */
    private static boolean isForUs(Headers headers) {
        String host = Objects.requireNonNullElse(headers.getFirst("Host"), "");
        return host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]+)?");
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(PageServer.class.getResourceAsStream(file), file)) {
            return in.readAllBytes();
        }
    }

    private byte[] mesh() throws InterruptedException {
        synchronized (lock) {
            if (mesh.length == 0 || System.nanoTime() - madeAt >= FRESH_NANOS) {
                String json = Json.of(node.name().toString(), Reporter.collect(node));
                mesh = json.getBytes(StandardCharsets.UTF_8);
                madeAt = System.nanoTime();
            }
            return mesh;
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        send(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
