package io.quotelake.local.stack;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One stack at a time in a state directory; the operating system frees the lock of a launcher that
 * is killed.
 */
public final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws Failure if another launcher has it
     */
    public static RunLock take(StateDirectory state) {
        try {
            FileChannel channel = open(state);
            if (locked(channel)) {
                return new RunLock(channel);
            }
            channel.close();
            throw runsAlready(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Looks whether the lock can be taken, and writes nothing.
     *
     * @throws Failure if another launcher has it
     */
    static void demandFree(StateDirectory state) {
        if (isTaken(state)) {
            throw runsAlready(state);
        }
    }

    private static Failure runsAlready(StateDirectory state) {
        return Failure.ofUse(
                "Quotelake runs already with its state in "
                        + state.root()
                        + ": stop it first (Ctrl-C)");
    }

    /** Whether a launcher has it. */
    static boolean isTaken(StateDirectory state) {
        try (FileChannel channel = FileChannel.open(file(state), StandardOpenOption.READ)) {
            // A shared one: who may only read can ask too.
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true; // This JVM has it.
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // This JVM has it.
        }
    }

    private static FileChannel open(StateDirectory state) throws IOException {
        Path file = file(state);
        Files.createDirectories(file.getParent());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static Path file(StateDirectory state) {
        return state.run().resolve("lock");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
