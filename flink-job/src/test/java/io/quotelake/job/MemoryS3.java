package io.quotelake.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of S3 as the job uses, in memory, for any credentials; it can refuse everything. */
final class MemoryS3 implements AutoCloseable {

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger lastUpload = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean refusing;

    MemoryS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on every request is answered with 403, or none any more. */
    void refuse(boolean all) {
        refusing = all;
    }

    /** How many requests were refused. */
    int refused() {
        return refused.get();
    }

    int objects() {
        return objects.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String key = exchange.getRequestURI().getPath();
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            if (refusing) {
                refused.incrementAndGet();
                answer(exchange, 403, error("AccessDenied"));
                return;
            }
            String upload = query.get("uploadId");
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, key, query, body);
                case "POST" -> post(exchange, key, upload);
                case "DELETE" -> {
                    uploads.remove(upload == null ? "" : upload);
                    objects.remove(upload == null ? key : "");
                    answer(exchange, 204, "");
                }
                default -> {
                    if (query.containsKey("list-type")) {
                        list(exchange, key, query.getOrDefault("prefix", ""));
                    } else {
                        get(exchange, key, upload);
                    }
                }
            }
        }
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body)
            throws IOException {
        String condition = exchange.getRequestHeaders().getFirst("If-Match");
        boolean isNew = exchange.getRequestHeaders().containsKey("If-None-Match");
        if (query.containsKey("partNumber")) {
            Map<Integer, byte[]> parts = uploads.get(query.get("uploadId"));
            if (parts == null) {
                answer(exchange, 404, error("NoSuchUpload"));
                return;
            }
            parts.put(Integer.parseInt(query.get("partNumber")), body);
        } else {
            synchronized (objects) {
                byte[] there = objects.get(key);
                if ((isNew && there != null)
                        || (condition != null
                                && (there == null || !condition.equals(eTag(there))))) {
                    answer(exchange, 412, error("PreconditionFailed"));
                    return;
                }
                objects.put(key, body);
            }
        }
        exchange.getResponseHeaders().set("ETag", eTag(body));
        answer(exchange, 200, "");
    }

    private void post(HttpExchange exchange, String key, String upload) throws IOException {
        if (upload == null) {
            String id = "upload-" + lastUpload.incrementAndGet();
            uploads.put(id, new TreeMap<>());
            answer(
                    exchange,
                    200,
                    "<InitiateMultipartUploadResult><Bucket>lake</Bucket><Key>"
                            + key
                            + "</Key><UploadId>"
                            + id
                            + "</UploadId></InitiateMultipartUploadResult>");
            return;
        }
        if (uploads.remove(upload) == null) {
            answer(exchange, 404, error("NoSuchUpload"));
            return;
        }
        objects.put(key, new byte[0]);
        answer(
                exchange,
                200,
                "<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>");
    }

    private void list(HttpExchange exchange, String bucket, String prefix) throws IOException {
        String start = bucket.replaceAll("/$", "") + "/";
        StringBuilder list = new StringBuilder("<ListBucketResult>");
        int count = 0;
        for (String key : objects.keySet()) {
            if (key.startsWith(start + prefix)) {
                count++;
                list.append("<Contents><Key>")
                        .append(key.substring(start.length()))
                        .append("</Key><Size>1</Size></Contents>");
            }
        }
        answer(
                exchange,
                200,
                list
                        + "<KeyCount>"
                        + count
                        + "</KeyCount><IsTruncated>false</IsTruncated>"
                        + "</ListBucketResult>");
    }

    private void get(HttpExchange exchange, String key, String upload) throws IOException {
        Map<Integer, byte[]> parts = upload == null ? null : uploads.get(upload);
        if (parts != null) {
            StringBuilder list = new StringBuilder("<ListPartsResult>");
            parts.forEach(
                    (number, bytes) ->
                            list.append("<Part><PartNumber>")
                                    .append(number)
                                    .append("</PartNumber><ETag>")
                                    .append(eTag(bytes))
                                    .append("</ETag><Size>")
                                    .append(bytes.length)
                                    .append("</Size></Part>"));
            answer(exchange, 200, list.append("</ListPartsResult>").toString());
            return;
        }
        byte[] object = upload == null ? objects.get(key) : null;
        if (object == null) {
            answer(exchange, 404, error(upload == null ? "NoSuchKey" : "NoSuchUpload"));
            return;
        }
        exchange.getResponseHeaders().set("ETag", eTag(object));
        answer(exchange, 200, new String(object, UTF_8));
    }

    private static String eTag(byte[] bytes) {
        return "\"" + HexFormat.of().toHexDigits(Arrays.hashCode(bytes)) + "-x\"";
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>of this test</Message></Error>";
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] nameAndValue = pair.split("=", 2);
            query.put(
                    nameAndValue[0],
                    nameAndValue.length == 1 ? "" : URLDecoder.decode(nameAndValue[1], UTF_8));
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
        if (!none) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
