package io.quotelake.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Standard output that ends the command when nothing can be written to it any more: a full disk
 * must not look like a result.
 */
public final class StandardOutput extends OutputStream {
    private final OutputStream out;
    private boolean failed;

    private StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** Takes the place of {@link System#out}. */
    public static void install() {
        OutputStream descriptor = new FileOutputStream(FileDescriptor.out);
        Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
        System.setOut(
                new PrintStream(
                        new StandardOutput(new BufferedOutputStream(descriptor)), false, charset));
    }

    @Override
    public void write(int oneByte) {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failed) {
            return; // The command ends for that reason already.
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void flush() {
        if (failed) {
            return;
        }
        try {
            out.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private Failure unwritable(IOException e) {
        failed = true;
        return Failure.atRunTime("the output can't be written: " + Sentence.of(e));
    }
}
