package io.quotelake.system.operations;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A listener of a broker that wants TLS and who comes to prove who he is, beside its plain one:
 * with a password, or in the way of brokers with IAM, of which it knows the name only.
 */
record SecureListener(Path directory, int plainPort, int port, int controllerPort) {
    static final String PASSWORD = "correct-horse-battery";
    private static final String USER = "quotes";
    private static final String STORE_PASSWORD = "store-password";
    private static final String ADDRESS = "127.0.0.1";

    /** With a self-signed certificate, made by the JDK's keytool. */
    static SecureListener create(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve("broker.p12"));
        Process keytool =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-alias",
                                        "broker",
                                        "-keyalg",
                                        "EC",
                                        "-dname",
                                        "CN=broker",
                                        "-ext",
                                        "san=ip:" + ADDRESS,
                                        "-validity",
                                        "2",
                                        "-storetype",
                                        "PKCS12",
                                        "-keystore",
                                        directory.resolve("broker.p12").toString(),
                                        "-storepass",
                                        STORE_PASSWORD))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("keytool.out").toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(directory.resolve("keytool.out")));
        }
        try (ServerSocket plain = free();
                ServerSocket secure = free();
                ServerSocket controller = free()) {
            return new SecureListener(
                    directory,
                    plain.getLocalPort(),
                    secure.getLocalPort(),
                    controller.getLocalPort());
        }
    }

    String address() {
        return ADDRESS + ":" + port;
    }

    Map<String, String> brokerConfiguration() {
        String listeners =
                "PLAINTEXT://%1$s:%2$d,SECURE://%1$s:%3$d".formatted(ADDRESS, plainPort, port);
        String prefix = "listener.name.secure.";
        return Map.of(
                "listeners",
                listeners + ",CONTROLLER://" + ADDRESS + ":" + controllerPort,
                "advertised.listeners",
                listeners,
                "controller.quorum.voters",
                "1@" + ADDRESS + ":" + controllerPort,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
                prefix + "sasl.enabled.mechanisms",
                "SCRAM-SHA-512,AWS_MSK_IAM",
                prefix + "aws_msk_iam.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required;",
                prefix + "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                prefix + "ssl.keystore.type",
                "PKCS12",
                prefix + "ssl.keystore.location",
                store(),
                prefix + "ssl.keystore.password",
                STORE_PASSWORD);
    }

    /** Makes the user of {@link #clientConfiguration}, or gives it another password. */
    void setPassword(String plainBroker, String password) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", plainBroker))) {
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            USER,
                                            new ScramCredentialInfo(
                                                    ScramMechanism.SCRAM_SHA_512, 4096),
                                            password)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** A properties file as Kafka's own tools take it. */
    Path clientConfiguration(String password) throws IOException {
        Properties properties = overTls();
        properties.put("sasl.mechanism", "SCRAM-SHA-512");
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(USER, password));
        return stored(properties, password);
    }

    /** The same with the lines that Amazon's documentation gives for brokers with IAM. */
    Path iamConfiguration() throws IOException {
        Properties properties = overTls();
        properties.put("sasl.mechanism", "AWS_MSK_IAM");
        properties.put("sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;");
        properties.put(
                "sasl.client.callback.handler.class",
                "software.amazon.msk.auth.iam.IAMClientCallbackHandler");
        return stored(properties, "iam");
    }

    private Properties overTls() {
        Properties properties = new Properties();
        properties.put("security.protocol", "SASL_SSL");
        properties.put("ssl.truststore.type", "PKCS12");
        properties.put("ssl.truststore.location", store());
        properties.put("ssl.truststore.password", STORE_PASSWORD);
        return properties;
    }

    private Path stored(Properties properties, String name) throws IOException {
        Path file = directory.resolve(name + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    private String store() {
        return directory.resolve("broker.p12").toString();
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName(ADDRESS));
    }
}
