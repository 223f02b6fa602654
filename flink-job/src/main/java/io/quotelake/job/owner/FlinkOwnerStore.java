package io.quotelake.job.owner;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * An owner object on any of Flink's file systems: read, compared and written in three steps,
 * because their common interface has no other way.
 */
final class FlinkOwnerStore implements OwnerStore {

    private final Path table;
    private final Path object;

    FlinkOwnerStore(String table) {
        this.table = new Path(table);
        this.object = new Path(OwnerPlace.of(table));
    }

    private FileSystem files() throws IOException {
        return FileSystem.getUnguardedFileSystem(object.toUri());
    }

    @Override
    public Stored read() throws IOException {
        try (FSDataInputStream in = files().open(object)) {
            byte[] content = in.readAllBytes();
            return new Stored(content, versionOf(content));
        } catch (FileNotFoundException | java.nio.file.NoSuchFileException e) {
            return null;
        }
    }

    private static String versionOf(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public String write(byte[] content, String version) throws IOException {
        Stored now = read();
        boolean isUnchanged = now == null ? version == null : now.version().equals(version);
        if (!isUnchanged) {
            return null;
        }
        try (FSDataOutputStream out = files().create(object, FileSystem.WriteMode.OVERWRITE)) {
            out.write(content);
        }
        return versionOf(content);
    }

    @Override
    public boolean hasFiles() throws IOException {
        return hasFiles(table);
    }

    private boolean hasFiles(Path folder) throws IOException {
        FileStatus[] entries;
        try {
            entries = files().listStatus(folder);
        } catch (FileNotFoundException e) {
            return false;
        }
        if (entries == null) {
            return false;
        }
        for (FileStatus entry : entries) {
            boolean isHidden = HiddenNames.isHidden(entry.getPath().getName());
            if (!isHidden && (!entry.isDir() || hasFiles(entry.getPath()))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isAtomic() {
        return false;
    }

    @Override
    public void close() {}
}
