package io.quotelake.job.deadletter;

import java.io.IOException;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The connector's bytes behind the token of the run. Versions below {@value #VERSION} are the
 * connector's own: state written without this class.
 */
final class DeadLetterStateSerializer implements SimpleVersionedSerializer<DeadLetterState> {

    /** Far above the connector's, which is 2 in flink-connector-kafka 5.0.0. */
    private static final int VERSION = 1_001;

    private static final int FIRST_BYTES = 128;

    private final SimpleVersionedSerializer<KafkaWriterState> kafka;

    DeadLetterStateSerializer(SimpleVersionedSerializer<KafkaWriterState> kafka) {
        this.kafka = kafka;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(DeadLetterState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
        out.writeUTF(state.run());
        byte[] connector = kafka.serialize(state.kafka());
        out.writeInt(kafka.getVersion());
        out.writeInt(connector.length);
        out.write(connector);
        return out.getCopyOfBuffer();
    }

    @Override
    public DeadLetterState deserialize(int version, byte[] bytes) throws IOException {
        if (version < VERSION) {
            return new DeadLetterState(kafka.deserialize(version, bytes), "");
        }
        if (version > VERSION) {
            throw new IOException(
                    "The dead letters' writer has state of version "
                            + version
                            + "; this job reads up to "
                            + VERSION
                            + ": resume with the newer job that wrote it.");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        String run = in.readUTF();
        int connectorVersion = in.readInt();
        byte[] connector = new byte[in.readInt()];
        in.readFully(connector);
        return new DeadLetterState(kafka.deserialize(connectorVersion, connector), run);
    }
}
