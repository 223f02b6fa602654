package io.quotelake.job.deadletter;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A writer's context that remembers where Kafka has put the last record. */
final class ObservedContext implements WriterInitContext {

    private final WriterInitContext context;
    private volatile RecordMetadata lastWritten;

    ObservedContext(WriterInitContext context) {
        this.context = context;
    }

    /** Null before the first record is written. */
    RecordMetadata lastWritten() {
        return lastWritten;
    }

    private void written(RecordMetadata record) {
        if (record != null && record.hasOffset()) {
            lastWritten = record;
        }
    }

    /** Called by the producer's thread for each record. */
    @Override
    @SuppressWarnings("unchecked")
    public <MetaT> Optional<Consumer<MetaT>> metadataConsumer() {
        Consumer<RecordMetadata> consumer = this::written;
        return Optional.of((Consumer<MetaT>) consumer);
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
    }

    @Override
    public MailboxExecutor getMailboxExecutor() {
        return context.getMailboxExecutor();
    }

    @Override
    public ProcessingTimeService getProcessingTimeService() {
        return context.getProcessingTimeService();
    }

    @Override
    public SinkWriterMetricGroup metricGroup() {
        return context.metricGroup();
    }

    @Override
    public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
        return context.asSerializationSchemaInitializationContext();
    }

    @Override
    public boolean isObjectReuseEnabled() {
        return context.isObjectReuseEnabled();
    }

    @Override
    public <IN> TypeSerializer<IN> createInputSerializer() {
        return context.createInputSerializer();
    }

    @Override
    public OptionalLong getRestoredCheckpointId() {
        return context.getRestoredCheckpointId();
    }

    @Override
    public JobInfo getJobInfo() {
        return context.getJobInfo();
    }

    @Override
    public TaskInfo getTaskInfo() {
        return context.getTaskInfo();
    }
}
