package io.quotelake.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * An HTTP server in front of an S3 server that passes requests on as they are, one a connection,
 * and lets chosen ones go wrong.
 */
final class FaultyServer implements AutoCloseable {
    /** What happens to a request. */
    enum Fault {
        /** 500 InternalError, without asking S3. */
        INTERNAL_ERROR,
        /** 503 SlowDown, without asking S3. */
        SLOW_DOWN,
        /** 403 with the error code of a wrong clock, without asking S3. */
        CLOCK_SKEW,
        /** The connection ends in the middle of the request's body. */
        CUT_IN_BODY,
        /** S3 does the work, and the connection ends before the answer. */
        LOSE_ANSWER
    }

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    private final ServerSocket serverSocket;
    private final int backendPort;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Rule> rules = new ArrayDeque<>();
    private final ConcurrentHashMap<Fault, AtomicInteger> injected = new ConcurrentHashMap<>();

    private final Queue<String> heads = new ConcurrentLinkedQueue<>();

    private record Rule(Pattern requestLine, Fault fault) {}

    FaultyServer(int backendPort) throws IOException {
        this.backendPort = backendPort;
        this.serverSocket = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        threads.execute(this::acceptAll);
    }

    int port() {
        return serverSocket.getLocalPort();
    }

    /** Lets the next {@code times} requests whose first line matches go wrong. */
    void inject(Fault fault, String requestLine, int times) {
        synchronized (rules) {
            for (int i = 0; i < times; i++) {
                rules.add(new Rule(Pattern.compile(requestLine), fault));
            }
        }
    }

    /** First line and headers of all requests that have this in them. */
    List<String> heads(String part) {
        return heads.stream().filter(head -> head.contains(part)).toList();
    }

    /** Forgets the faults that have not happened yet. */
    void clear() {
        synchronized (rules) {
            rules.clear();
        }
    }

    /** Faults of this kind that happened since the server started. */
    int injected(Fault fault) {
        AtomicInteger count = injected.get(fault);
        return count == null ? 0 : count.get();
    }

    private Fault faultFor(String requestLine) {
        synchronized (rules) {
            for (Rule rule : rules) {
                if (rule.requestLine().matcher(requestLine).find()) {
                    rules.remove(rule);
                    injected.computeIfAbsent(rule.fault(), key -> new AtomicInteger())
                            .incrementAndGet();
                    return rule.fault();
                }
            }
            return null;
        }
    }

    private void acceptAll() {
        while (!serverSocket.isClosed()) {
            try {
                Socket client = serverSocket.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                if (!serverSocket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = readHead(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            heads.add(head);
            Fault fault = faultFor(head.substring(0, head.indexOf('\r')));
            if (fault == null || fault == Fault.LOSE_ANSWER) {
                passOn(client, head, fault == null);
            } else if (fault == Fault.CUT_IN_BODY) {
                client.getOutputStream().write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
                client.getInputStream().readNBytes((int) (bodyLength(head) / 2));
                client.setSoLinger(true, 0);
            } else {
                answer(client, head, fault);
            }
        } catch (IOException e) {
            // The client is gone, as it may be.
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static long bodyLength(String head) {
        var matcher = CONTENT_LENGTH.matcher(head);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Neither of the two headers is signed, so they may be changed on the way. */
    private void passOn(Socket client, String head, boolean withAnswer) throws IOException {
        boolean expectsContinue = head.toLowerCase().contains("\r\nexpect: 100-continue");
        String passed =
                head.replaceAll("(?i)\r\n(connection|expect): [^\r]*", "")
                        .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
        try (Socket backend = new Socket(InetAddress.getLoopbackAddress(), backendPort)) {
            if (expectsContinue) {
                client.getOutputStream().write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
            }
            OutputStream out = backend.getOutputStream();
            out.write(ascii(passed));
            copy(client.getInputStream(), out, bodyLength(head));
            out.flush();
            byte[] answer = backend.getInputStream().readAllBytes();
            if (withAnswer) {
                client.getOutputStream().write(answer);
            }
        }
    }

    private static void copy(InputStream in, OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long remaining = count;
        while (remaining > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, remaining));
            if (read < 0) {
                throw new IOException("The client ended in mid-body");
            }
            out.write(buffer, 0, read);
            remaining -= read;
        }
    }

    private static void answer(Socket client, String head, Fault fault) throws IOException {
        client.getOutputStream().write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
        copy(client.getInputStream(), OutputStream.nullOutputStream(), bodyLength(head));
        String status =
                switch (fault) {
                    case SLOW_DOWN -> "503 Slow Down";
                    case CLOCK_SKEW -> "403 Forbidden";
                    default -> "500 Internal Server Error";
                };
        String code =
                switch (fault) {
                    case SLOW_DOWN -> "SlowDown";
                    case CLOCK_SKEW -> "RequestTimeTooSkewed";
                    default -> "InternalError";
                };
        String body =
                "<Error><Code>"
                        + code
                        + "</Code><Message>injected</Message><RequestId>REQ-42</RequestId></Error>";
        client.getOutputStream()
                .write(
                        ascii(
                                "HTTP/1.1 "
                                        + status
                                        + "\r\nContent-Type: application/xml\r\nContent-Length: "
                                        + body.length()
                                        + "\r\nx-amz-request-id: REQ-42\r\nConnection: close\r\n\r\n"
                                        + body));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        serverSocket.close();
        threads.shutdownNow();
    }
}
