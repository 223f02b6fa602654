package io.quotelake.local.s3;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A proxy in front of a plain-HTTP S3 endpoint that lets a share of the requests fail, or chosen
 * ones. It passes heads on as they came, the signed {@code Host} included, so signatures stay
 * valid. The faults can be switched at any time; which request meets which of the shares depends
 * only on the seed and on how many requests came before.
 */
public final class S3FaultProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    /** Well below the 30 s after which the endpoint closes an idle connection. */
    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final URI endpoint;
    private final long seed;
    private final ServerSocket server;
    private final AtomicLong requests = new AtomicLong();
    private final Map<S3Fault, AtomicLong> injected = new EnumMap<>(S3Fault.class);
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Chosen> chosen = new ConcurrentLinkedQueue<>();
    private volatile Consumer<String> listener = head -> {};
    private volatile S3Faults faults = S3Faults.none();

    private record Chosen(Pattern startLine, S3Fault fault) {}

    private S3FaultProxy(URI endpoint, long seed, ServerSocket server) {
        this.endpoint = endpoint;
        this.seed = seed;
        this.server = server;
        for (S3Fault fault : S3Fault.values()) {
            injected.put(fault, new AtomicLong());
        }
    }

    /** Starts a proxy without faults on a free port of 127.0.0.1. */
    public static S3FaultProxy start(URI endpoint, long seed) {
        try {
            ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            S3FaultProxy proxy = new S3FaultProxy(endpoint, seed, server);
            daemon(proxy::accept, "s3-fault-proxy");
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients reach the endpoint through this proxy. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /**
     * These faults from now on. When the endpoint is to be away altogether, what is under way is
     * cut too.
     */
    public void inject(S3Faults next) {
        faults = next;
        if (next.shares().getOrDefault(S3Fault.AWAY, 0.0) == 1) {
            clients.forEach(S3FaultProxy::reset);
        }
    }

    /**
     * The next requests whose first line has this meet the fault, whatever the shares are.
     *
     * @param startLine a regular expression
     * @param times how many of them
     */
    public void injectNext(S3Fault fault, String startLine, int times) {
        Chosen next = new Chosen(Pattern.compile(startLine), fault);
        chosen.addAll(Collections.nCopies(times, next));
    }

    /** No faults from now on. */
    public void heal() {
        chosen.clear();
        inject(S3Faults.none());
    }

    /** Is told first line and headers of each request from now on, as they came. */
    public void listen(Consumer<String> toHeads) {
        listener = toHeads;
    }

    /** How many requests came so far. */
    public long requests() {
        return requests.get();
    }

    /** How many requests have met each fault so far. */
    public Map<S3Fault, Long> injected() {
        Map<S3Fault, Long> counts = new EnumMap<>(S3Fault.class);
        injected.forEach((fault, count) -> counts.put(fault, count.get()));
        return counts;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clients.forEach(S3FaultProxy::reset);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                clients.add(client);
                daemon(() -> serve(client), "s3-fault-proxy-" + client.getPort());
            } catch (IOException e) {
                // Closed, or a client that was gone again before it was accepted.
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Upstream upstream = new Upstream()) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream(), BUFFER_BYTES);
            OutputStream out = new BufferedOutputStream(client.getOutputStream(), BUFFER_BYTES);
            boolean goesOn = true;
            while (goesOn) {
                HttpMessage request = HttpMessage.read(in);
                goesOn = request != null && answer(request, client, in, out, upstream);
            }
        } catch (IOException e) {
            reset(client); // One side is gone: for the other the connection broke, as it would
            // without a proxy.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(client);
        }
    }

    /** Serves one request; returns whether the connection stays open. */
    private boolean answer(
            HttpMessage request, Socket client, InputStream in, OutputStream out, Upstream upstream)
            throws IOException, InterruptedException {
        S3Faults current = faults;
        listener.accept(request.head());
        Optional<S3Fault> fault = fault(request, current);
        fault.ifPresent(met -> injected.get(met).incrementAndGet());
        if (fault.filter(S3Fault.AWAY::equals).isPresent()) {
            reset(client);
            return false;
        }
        if (request.takeExpectContinue()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        if (fault.isEmpty()) {
            return forward(request, in, out, upstream);
        }
        switch (fault.get()) {
            case INTERNAL_ERROR -> refuse(request, in, out, 500, "InternalError");
            case SLOW_DOWN -> refuse(request, in, out, 503, "SlowDown");
            case CLOCK_SKEW -> refuse(request, in, out, 403, "RequestTimeTooSkewed");
            case KEY_REVOKED -> refuse(request, in, out, 403, "InvalidAccessKeyId");
            case DELAY -> {
                boolean isClosed = closed.await(current.delay().toMillis(), TimeUnit.MILLISECONDS);
                return !isClosed && forward(request, in, out, upstream);
            }
            case CUT_BODY -> {
                cutBody(request, in, out, upstream);
                reset(client);
                return false;
            }
            default -> {
                forward(request, in, OutputStream.nullOutputStream(), upstream);
                reset(client);
                return false;
            }
        }
        return true;
    }

    private Optional<S3Fault> fault(HttpMessage request, S3Faults shares) {
        long number = requests.getAndIncrement();
        for (Chosen next : chosen) {
            if (next.startLine().matcher(request.startLine()).find() && chosen.remove(next)) {
                return Optional.of(next.fault());
            }
        }
        return shares.of(seed, number);
    }

    private boolean forward(
            HttpMessage request, InputStream in, OutputStream out, Upstream upstream)
            throws IOException {
        HttpMessage answer = send(request, in, upstream);
        answer.writeTo(out);
        if (answer.answerHasBody(request)) {
            answer.copyBody(upstream.in, out);
        }
        out.flush();
        upstream.used();
        return !answer.closesConnection() && !request.closesConnection();
    }

    private void cutBody(HttpMessage request, InputStream in, OutputStream out, Upstream upstream)
            throws IOException {
        if (request.requestHasBody()) {
            upstream.connect();
            request.writeTo(upstream.out);
            request.copyHalfOfBody(in, upstream.out);
            upstream.out.flush();
            reset(upstream.socket);
            return;
        }
        HttpMessage answer = send(request, in, upstream);
        answer.writeTo(out);
        if (answer.answerHasBody(request)) {
            answer.copyHalfOfBody(upstream.in, out);
        }
        out.flush();
    }

    private HttpMessage send(HttpMessage request, InputStream in, Upstream upstream)
            throws IOException {
        upstream.connect();
        request.writeTo(upstream.out);
        if (request.requestHasBody()) {
            request.copyBody(in, upstream.out);
        }
        upstream.out.flush();
        HttpMessage answer = HttpMessage.read(upstream.in);
        if (answer == null) {
            throw new IOException("the endpoint closed the connection");
        }
        return answer;
    }

    /**
     * The body is read first: a client that is still sending would otherwise see a reset instead of
     * the answer.
     */
    private void refuse(
            HttpMessage request, InputStream in, OutputStream out, int status, String code)
            throws IOException {
        if (request.requestHasBody()) {
            request.copyBody(in, OutputStream.nullOutputStream());
        }
        String body =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>Injected fault</Message></Error>"
                        .formatted(code);
        String head =
                "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nx-amz-request-id: injected-%d\r\n\r\n"
                        .formatted(status, code, body.length(), requests.get());
        out.write(
                (request.isHeadRequest() ? head : head + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes with a TCP reset, as a process that dies or a firewall does. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    /** The connection to the endpoint that belongs to one client's connection. */
    private final class Upstream implements AutoCloseable {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private long lastUsed;

        void connect() throws IOException {
            if (socket != null && System.nanoTime() - lastUsed < MAX_IDLE_NANOS) {
                return;
            }
            close();
            socket = new Socket(endpoint.getHost(), endpoint.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        }

        void used() {
            lastUsed = System.nanoTime();
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
