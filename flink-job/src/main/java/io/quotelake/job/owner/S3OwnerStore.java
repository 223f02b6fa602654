package io.quotelake.job.owner;

import io.quotelake.s3.S3Objects;
import io.quotelake.s3.S3Options;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** An owner object on S3, which writes under a condition by itself. */
final class S3OwnerStore implements OwnerStore {

    private final S3Objects objects;
    private final String key;
    private final String tablePrefix;

    /**
     * @param table an {@code s3:} or {@code s3a:} URI
     */
    S3OwnerStore(String table, S3Options options) {
        URI uri = URI.create(table);
        this.objects = S3Objects.open(uri.getHost(), options);
        this.key = URI.create(OwnerPlace.of(table)).getPath().substring(1);
        this.tablePrefix = uri.getPath().substring(1) + "/";
    }

    @Override
    public Stored read() throws IOException {
        return objects.get(key)
                .map(content -> new Stored(content.bytes(), content.eTag()))
                .orElse(null);
    }

    @Override
    public String write(byte[] content, String version) throws IOException, InterruptedException {
        Optional<String> written =
                version == null
                        ? objects.putIfAbsent(key, content)
                        : objects.putIfUnchanged(key, content, version);
        return written.orElse(null);
    }

    @Override
    public boolean hasFiles() throws IOException {
        return objects.hasAny(tablePrefix);
    }

    @Override
    public boolean isAtomic() {
        return true;
    }

    @Override
    public void close() {
        objects.close();
    }
}
