package io.quotelake.local.stack;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Properties;

/**
 * The credentials of the local S3 endpoint, made once for a state directory and readable by its
 * owner only.
 *
 * @param accessKey names the caller
 * @param secretKey signs the requests
 */
public record S3Keys(String accessKey, String secretKey) {

    /** The credentials of a state directory, made if it has none yet. */
    public static S3Keys of(StateDirectory state) throws IOException {
        Path file = file(state);
        if (Files.exists(file)) {
            return read(file);
        }
        S3Keys keys = new S3Keys("quotelake", random());
        Properties properties = new Properties();
        properties.put("accessKey", keys.accessKey());
        properties.put("secretKey", keys.secretKey());
        writePrivately(file, properties);
        return keys;
    }

    /** Where the credentials of a state directory are kept, as properties. */
    public static Path file(StateDirectory state) {
        return state.run().resolve("s3-keys.properties");
    }

    /** Writes a file that only its owner may read, from its first byte on. */
    static void writePrivately(Path file, Properties properties) throws IOException {
        createPrivately(file);
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    /** Makes an empty file that only its owner may read. */
    static void createPrivately(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static S3Keys read(Path file) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new S3Keys(properties.getProperty("accessKey"), properties.getProperty("secretKey"));
    }

    private static String random() {
        return new BigInteger(160, new SecureRandom()).toString(Character.MAX_RADIX);
    }
}
