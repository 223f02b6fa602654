package io.quotelake.local.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The head of an HTTP/1.1 request or answer, and how long its body is (RFC 9112). Header lines stay
 * as they came: signatures cover them.
 */
final class HttpMessage {
    private static final int MAX_HEAD_BYTES = 64 << 10;
    private static final int BUFFER_BYTES = 16 << 10;

    private final String startLine;
    private final List<String> headers;

    private HttpMessage(String startLine, List<String> headers) {
        this.startLine = startLine;
        this.headers = headers;
    }

    /** The next message's head, or null when the connection was closed before it. */
    static HttpMessage read(InputStream in) throws IOException {
        String startLine = line(in);
        if (startLine == null) {
            return null;
        }
        List<String> headers = new ArrayList<>();
        for (String line = line(in); line == null || !line.isEmpty(); line = line(in)) {
            if (line == null) {
                throw new EOFException("the connection ended within a head");
            }
            headers.add(line);
        }
        return new HttpMessage(startLine, headers);
    }

    /**
     * Whether the client waits for leave to send the body, and takes that wish out: the proxy
     * answers it itself.
     */
    boolean takeExpectContinue() {
        return headers.removeIf(header -> header.toLowerCase(Locale.ROOT).startsWith("expect:"));
    }

    boolean isHeadRequest() {
        return startLine.startsWith("HEAD ");
    }

    boolean closesConnection() {
        return "close".equalsIgnoreCase(header("connection"));
    }

    /** Whether a body follows a request's head. */
    boolean requestHasBody() {
        return isChunked() || contentLength() > 0;
    }

    /** Whether a body follows an answer's head. */
    boolean answerHasBody(HttpMessage request) {
        int status = Integer.parseInt(startLine.split(" ")[1]);
        return !request.isHeadRequest() && status != 204 && status != 304 && contentLength() != 0;
    }

    String startLine() {
        return startLine;
    }

    /** Start line and headers, as they go over the wire. */
    String head() {
        StringBuilder head = new StringBuilder(startLine).append("\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        return head.append("\r\n").toString();
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(head().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Copies the whole body as it is framed. */
    void copyBody(InputStream in, OutputStream out) throws IOException {
        if (isChunked()) {
            copyChunks(in, out);
        } else if (contentLength() >= 0) {
            copy(in, out, contentLength());
        } else {
            in.transferTo(out); // an answer that ends with its connection
        }
    }

    /**
     * Copies about the first half of the body; of a chunked one its first chunk, without what ends
     * it.
     */
    void copyHalfOfBody(InputStream in, OutputStream out) throws IOException {
        if (isChunked()) {
            String size = line(in);
            if (size != null) {
                out.write((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                copy(in, out, chunkLength(size) / 2);
            }
        } else {
            copy(in, out, contentLength() / 2);
        }
    }

    private boolean isChunked() {
        return "chunked".equalsIgnoreCase(header("transfer-encoding"));
    }

    private long contentLength() {
        String length = header("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }

    private String header(String name) {
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon > 0 && header.substring(0, colon).equalsIgnoreCase(name)) {
                return header.substring(colon + 1).trim();
            }
        }
        return null;
    }

    private static void copyChunks(InputStream in, OutputStream out) throws IOException {
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException("the connection ended within a chunked body");
            }
            out.write((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            long length = chunkLength(size);
            if (length == 0) {
                copyTrailers(in, out);
                return;
            }
            copy(in, out, length + 2);
        }
    }

    private static void copyTrailers(InputStream in, OutputStream out) throws IOException {
        String line;
        do {
            line = line(in);
            if (line == null) {
                throw new EOFException("the connection ended within trailers");
            }
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } while (!line.isEmpty());
    }

    private static long chunkLength(String sizeLine) {
        return Long.parseLong(sizeLine.split(";")[0].trim(), 16);
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("the connection ended within a body");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() > 0) {
                    throw new EOFException("the connection ended within a line");
                }
                return null;
            }
            if (line.size() >= MAX_HEAD_BYTES) {
                throw new IOException(
                        "a line of a head is longer than " + MAX_HEAD_BYTES + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
