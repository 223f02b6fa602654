package io.quotelake.job.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes the topic's identity before the connector's own state, and also reads the latter alone,
 * which is what version 0.1.0 wrote.
 */
final class TopicStateSerializer implements SimpleVersionedSerializer<TopicState> {

    /** Versions below are the connector's own; it is at 3. */
    private static final int VERSION = 1_000;

    private final KafkaSourceEnumStateSerializer partitions = new KafkaSourceEnumStateSerializer();

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(TopicState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(state.topic().name());
            out.writeBoolean(state.topic().hasId());
            if (state.topic().hasId()) {
                out.writeUTF(state.topic().id());
            }
            out.writeInt(partitions.getVersion());
            out.write(partitions.serialize(state.partitions()));
        }
        return bytes.toByteArray();
    }

    @Override
    public TopicState deserialize(int version, byte[] serialized) throws IOException {
        if (version < VERSION) {
            return new TopicState(null, partitions.deserialize(version, serialized));
        }
        if (version > VERSION) {
            throw new IOException(
                    "the source's state has version "
                            + version
                            + ", and this version of the job reads up to "
                            + VERSION
                            + "; resume with the job's version that wrote it, or a later one");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized))) {
            TopicIdentity topic =
                    new TopicIdentity(in.readUTF(), in.readBoolean() ? in.readUTF() : null);
            int partitionsVersion = in.readInt();
            return new TopicState(
                    topic, partitions.deserialize(partitionsVersion, in.readAllBytes()));
        }
    }
}
