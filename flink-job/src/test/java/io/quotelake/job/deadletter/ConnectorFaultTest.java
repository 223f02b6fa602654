package io.quotelake.job.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassReader;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.MethodVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.Opcodes;
import org.junit.jupiter.api.Test;

/**
 * The fault of flink-connector-kafka that DeadLetterWriter mends. When this test fails, a new
 * version has mended it, or moved it: then the reflection there must go, or follow.
 */
class ConnectorFaultTest {

    private static final String WRITER =
            "/org/apache/flink/connector/kafka/sink/ExactlyOnceKafkaWriter.class";

    @Test
    void theConnectorsWriterKeepsAnAdminClientAndDoesNotCloseIt() throws Exception {
        List<String> users = new ArrayList<>();
        try (InputStream bytes = KafkaSink.class.getResourceAsStream(WRITER)) {
            new ClassReader(bytes).accept(new UsersOfAdminClient(users), 0);
        }

        assertThat(users).isNotEmpty().noneMatch(method -> method.contains("close"));
    }

    /** Collects the methods that read or write the field. */
    private static final class UsersOfAdminClient extends ClassVisitor {

        private final List<String> users;

        UsersOfAdminClient(List<String> users) {
            super(Opcodes.ASM9);
            this.users = users;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String type, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitFieldInsn(int code, String owner, String field, String kind) {
                    if (field.equals("adminClient")) {
                        users.add(method);
                    }
                }
            };
        }
    }
}
