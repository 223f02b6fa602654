package io.quotelake.job.owner;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;

/**
 * An owner object in a directory of this machine. A lock on a file beside it, which the system
 * releases when a process ends, makes comparing and writing one step; the name changes to new bytes
 * whole or not at all.
 */
final class FileOwnerStore implements OwnerStore {

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOCK_PAUSE = Duration.ofMillis(5);

    private final Path table;
    private final Path object;
    private final Path lock;

    /**
     * @param table a {@code file:} URI
     */
    FileOwnerStore(String table) {
        this.table = Path.of(URI.create(table).getPath());
        this.object = Path.of(URI.create(OwnerPlace.of(table)).getPath());
        this.lock = object.resolveSibling("." + object.getFileName() + ".lock");
    }

    @Override
    public Stored read() throws IOException {
        try {
            byte[] content = Files.readAllBytes(object);
            return new Stored(content, versionOf(content));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String versionOf(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public String write(byte[] content, String version) throws IOException, InterruptedException {
        Files.createDirectories(object.getParent());
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock(channel)) {
            Stored now = read();
            boolean isUnchanged = now == null ? version == null : now.version().equals(version);
            if (!isUnchanged) {
                return null;
            }
            Path fresh = object.resolveSibling("." + object.getFileName() + ".new");
            try (FileChannel file =
                    FileChannel.open(
                            fresh,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(content));
                file.force(true);
            }
            Files.move(
                    fresh,
                    object,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return versionOf(content);
        }
    }

    private FileLock lock(FileChannel channel) throws IOException, InterruptedException {
        long end = System.nanoTime() + LOCK_PATIENCE.toNanos();
        while (true) {
            try {
                FileLock held = channel.tryLock();
                if (held != null) {
                    return held;
                }
            } catch (OverlappingFileLockException e) {
                // Another task of this process has it.
            }
            if (System.nanoTime() > end) {
                throw new IOException(lock + " is locked for more than " + LOCK_PATIENCE);
            }
            Thread.sleep(LOCK_PAUSE.toMillis());
        }
    }

    @Override
    public boolean hasFiles() throws IOException {
        if (!Files.isDirectory(table)) {
            return false;
        }
        boolean[] found = new boolean[1];
        Files.walkFileTree(
                table,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (HiddenNames.isHidden(file.getFileName().toString())) {
                            return FileVisitResult.CONTINUE;
                        }
                        found[0] = true;
                        return FileVisitResult.TERMINATE;
                    }
                });
        return found[0];
    }

    @Override
    public boolean isAtomic() {
        return true;
    }

    @Override
    public void close() {}
}
