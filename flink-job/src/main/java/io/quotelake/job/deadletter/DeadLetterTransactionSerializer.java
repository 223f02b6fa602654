package io.quotelake.job.deadletter;

import io.quotelake.job.owner.Stamp;
import java.io.IOException;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The connector's bytes behind what is known of the letters. Versions below {@value #FIRST_VERSION}
 * are the connector's own: state written without this class.
 */
final class DeadLetterTransactionSerializer
        implements SimpleVersionedSerializer<DeadLetterTransaction> {

    /** Far above the connector's, which is 1 in flink-connector-kafka 5.0.0. */
    private static final int FIRST_VERSION = 1_001;

    /** Has rounds since. */
    private static final int VERSION = 1_002;

    private static final int FIRST_BYTES = 128;

    private final SimpleVersionedSerializer<KafkaCommittable> kafka;

    DeadLetterTransactionSerializer(SimpleVersionedSerializer<KafkaCommittable> kafka) {
        this.kafka = kafka;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(DeadLetterTransaction transaction) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
        out.writeInt(transaction.letters());
        out.writeUTF(transaction.firstSource());
        out.writeUTF(transaction.lastSource());
        out.writeInt(transaction.partition());
        out.writeLong(transaction.offset());
        out.writeUTF(transaction.round() == null ? "" : transaction.round().text());
        byte[] handle = kafka.serialize(transaction.kafka());
        out.writeInt(kafka.getVersion());
        out.writeInt(handle.length);
        out.write(handle);
        return out.getCopyOfBuffer();
    }

    @Override
    public DeadLetterTransaction deserialize(int version, byte[] bytes) throws IOException {
        if (version < FIRST_VERSION) {
            return DeadLetterTransaction.of(kafka.deserialize(version, bytes), null);
        }
        if (version > VERSION) {
            throw new IOException(
                    "Dead letters' transactions in state of version "
                            + version
                            + "; this job reads up to "
                            + VERSION
                            + ": resume with the newer job that wrote it.");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        int letters = in.readInt();
        String firstSource = in.readUTF();
        String lastSource = in.readUTF();
        int partition = in.readInt();
        long offset = in.readLong();
        Stamp round = version < VERSION ? null : Stamp.parse(in.readUTF());
        int handleVersion = in.readInt();
        byte[] handle = new byte[in.readInt()];
        in.readFully(handle);
        return new DeadLetterTransaction(
                kafka.deserialize(handleVersion, handle),
                letters,
                firstSource,
                lastSource,
                partition,
                offset,
                round);
    }
}
