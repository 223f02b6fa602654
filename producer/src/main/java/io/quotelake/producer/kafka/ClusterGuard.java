package io.quotelake.producer.kafka;

import java.util.function.Consumer;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Notices when the brokers' address answers for another cluster: a broker has ended, and another
 * one listens on its port. It is a serializer because the Kafka client reports the cluster's id to
 * its serializers whenever its metadata changes.
 */
final class ClusterGuard extends ByteArraySerializer implements ClusterResourceListener {

    private final String expected;
    private volatile Consumer<Exception> onOther = failure -> {};

    /**
     * @param expected the id of the cluster, or null when any will do
     */
    ClusterGuard(String expected) {
        this.expected = expected;
    }

    /** Sets who is called when that happens, in a thread of the client. */
    void onOther(Consumer<Exception> listener) {
        onOther = listener;
    }

    @Override
    public void onUpdate(ClusterResource cluster) {
        if (expected != null && cluster != null && !expected.equals(cluster.clusterId())) {
            onOther.accept(
                    new KafkaException(
                            "the brokers are of the cluster %s now, and rows are meant for %s"
                                    .formatted(cluster.clusterId(), expected)));
        }
    }
}
