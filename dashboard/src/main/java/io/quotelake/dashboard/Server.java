package io.quotelake.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Serves the page, its data and its events. It only reads. The JDK's own server does all that this
 * needs: a few files, JSON, and answers that don't end.
 */
final class Server implements AutoCloseable {
    private static final String PAGE_NEEDS =
            "install Node.js 20 or newer with npm, delete dashboard/target, and build again";

    /** Each open page holds a thread. */
    private static final int MAX_VIEWERS = 64;

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    private final HttpServer server;
    private final Charts charts;
    private final Pulse pulse;
    private final Semaphore viewers = new Semaphore(MAX_VIEWERS);
    private final boolean loopback;

    /**
     * Binds the address; it answers from {@link #start} on.
     *
     * @param port null for the usual one, or a free one if that is in use
     * @throws IllegalArgumentException when the address can't be bound
     */
    Server(String host, Integer port, Charts charts, Pulse pulse) {
        this.charts = charts;
        this.pulse = pulse;
        server = bound(host, port);
        loopback = server.getAddress().getAddress().isLoopbackAddress();
        server.setExecutor(
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "http");
                            thread.setDaemon(true);
                            return thread;
                        }));
        server.createContext("/", guarded(this::file));
        server.createContext("/api/charts/", guarded(this::chart));
        server.createContext("/api/events", guarded(this::events));
    }

    void start() {
        server.start();
    }

    private static HttpServer bound(String host, Integer port) {
        try {
            return HttpServer.create(
                    new InetSocketAddress(host, port == null ? Options.USUAL_PORT : port), 0);
        } catch (BindException e) {
            if (port == null) {
                return bound(host, 0);
            }
            throw new IllegalArgumentException(
                    "port %d of %s is in use or not ours: name another with --port"
                            .formatted(port, host));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "can't listen at %s: %s".formatted(host, UnavailableException.reason(e)));
        }
    }

    /** Where it is, for a browser. */
    URI address() {
        InetSocketAddress address = server.getAddress();
        String host =
                address.getAddress().isAnyLocalAddress()
                        ? "localhost"
                        : address.getAddress().getHostAddress();
        return URI.create(
                "http://%s:%d"
                        .formatted(
                                host.contains(":") ? "[" + host + "]" : host, address.getPort()));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A page of another site must not reach a lake on this machine through a name of its own. */
    private HttpHandler guarded(HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                String host =
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                                .orElse("")
                                .replaceFirst(":\\d+$", "");
                if (loopback && !LOOPBACK.contains(host)) {
                    answer(exchange, 403, "text/plain", "this is not " + host);
                } else if (!exchange.getRequestMethod().equals("GET")) {
                    answer(exchange, 405, "text/plain", "the dashboard only reads");
                } else {
                    handler.handle(exchange);
                }
            }
        };
    }

    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.equals("/") ? "index.html" : path.substring(1);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type != null && name.matches("[a-z-]+\\.[a-z]+")) {
            try (InputStream in = Server.class.getResourceAsStream("/page/" + name)) {
                if (in != null) {
                    answer(exchange, 200, type, in.readAllBytes());
                    return;
                }
            }
        }
        if (name.equals("index.html")) {
            answer(exchange, 503, "text/plain", "the page was not built: " + PAGE_NEEDS);
            return;
        }
        answer(exchange, 404, "text/plain", "there is no " + path);
    }

    private void chart(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring("/api/charts/".length());
        try {
            Optional<byte[]> answer = charts.json(name, query(exchange.getRequestURI()));
            if (answer.isEmpty()) {
                answer(exchange, 404, "text/plain", "there is no chart " + name);
                return;
            }
            answer(exchange, 200, "application/json", answer.get());
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, "text/plain; charset=utf-8", e.getMessage());
        } catch (UnavailableException e) {
            answer(exchange, 503, "text/plain; charset=utf-8", e.getMessage());
        }
    }

    /** Server-sent events: the state, whenever there is a newer one, until the browser goes. */
    private void events(HttpExchange exchange) throws IOException {
        if (!viewers.tryAcquire()) {
            answer(exchange, 503, "text/plain", MAX_VIEWERS + " pages are open: close one");
            return;
        }
        try {
            headers(exchange, "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            String seen = null;
            while (true) {
                seen = pulse.after(seen);
                out.write(("data: " + seen + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            viewers.release();
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> values = new HashMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&")) {
                String[] parts = pair.split("=", 2);
                values.put(
                        parts[0],
                        parts.length < 2
                                ? ""
                                : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    private static void answer(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        answer(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        headers(exchange, type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static void headers(HttpExchange exchange, String type) {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'");
    }
}
