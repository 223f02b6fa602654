package io.quotelake.job.source;

import io.quotelake.job.task.Refusal;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the running job would refuse, said by the client that submits it: a checkpoint or savepoint
 * of another topic, or with positions that the topic no longer has. It reads the state where the
 * client can; where it can't, the job finds out by itself.
 */
public final class ResumeCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ResumeCheck.class);

    /** The name that Flink's SourceOperator gives to the list of its reader's splits. */
    private static final String SPLITS = "SourceReaderState";

    private ResumeCheck() {}

    /**
     * Checks that a job may go on from a checkpoint or savepoint.
     *
     * @param pointer names it, as in {@code flink run -s}
     * @param uid of the source
     * @throws Refusal if it must not
     */
    public static void run(String pointer, String uid, TopicSource source) {
        try {
            for (OperatorState operator : metadata(pointer).getOperatorStates()) {
                if (operator.getOperatorUid().filter(uid::equals).isPresent()) {
                    check(operator, source);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof Refusal refusal) {
                throw refusal;
            }
            LOG.info("The state {} is checked by the job, as it can't be read here.", pointer, e);
        }
    }

    private static CheckpointMetadata metadata(String pointer) throws IOException {
        CompletedCheckpointStorageLocation location =
                AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(pointer);
        try (DataInputStream in =
                new DataInputStream(location.getMetadataHandle().openInputStream())) {
            return Checkpoints.loadCheckpointMetadata(
                    in, ResumeCheck.class.getClassLoader(), pointer);
        }
    }

    private static void check(OperatorState operator, TopicSource source) throws IOException {
        if (operator.getCoordinatorState() == null) {
            return;
        }
        source.requireTopicOf(enumeratorState(operator.getCoordinatorState().getData()));
        source.requirePositions(positions(operator));
    }

    /** As Flink's SourceCoordinator writes it: its own version, then the enumerator's state. */
    private static TopicState enumeratorState(byte[] coordinator) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(coordinator))) {
            in.readInt();
            int version = in.readInt();
            return new TopicStateSerializer().deserialize(version, in.readNBytes(in.readInt()));
        }
    }

    private static Map<TopicPartition, Long> positions(OperatorState operator) throws IOException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (OperatorStateHandle state : subtask.getManagedOperatorState()) {
                OperatorStateHandle.StateMetaInfo splits =
                        state.getStateNameToPartitionOffsets().get(SPLITS);
                if (splits != null) {
                    addPositions(state, splits.getOffsets(), positions);
                }
            }
        }
        return positions;
    }

    private static void addPositions(
            OperatorStateHandle state, long[] offsets, Map<TopicPartition, Long> positions)
            throws IOException {
        try (FSDataInputStream in = state.openInputStream()) {
            DataInputStream data = new DataInputStream(in);
            for (long offset : offsets) {
                in.seek(offset);
                KafkaPartitionSplit split =
                        SimpleVersionedSerialization.readVersionAndDeSerialize(
                                new KafkaPartitionSplitSerializer(),
                                data.readNBytes(data.readInt()));
                if (split.getStartingOffset() >= 0) {
                    positions.put(split.getTopicPartition(), split.getStartingOffset());
                }
            }
        }
    }
}
