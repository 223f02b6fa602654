package io.quotelake.producer.feed;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quotelake.producer.csv.RowCounts;
import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;

/** Shows the figures of a feed to Prometheus while it runs, at {@code /metrics}. */
final class MetricsEndpoint implements AutoCloseable {

    private final HTTPServer server;

    /**
     * @throws UsageException when the address can't be listened on
     */
    MetricsEndpoint(InetSocketAddress address, Feed feed, Publisher publisher, RowCounts counts) {
        PrometheusRegistry registry = new PrometheusRegistry();
        counter(registry, "rows_sent", "Rows handed to the Kafka client.", feed::sent);
        counter(
                registry,
                "rows_acknowledged",
                "Rows that the brokers keep.",
                publisher::acknowledged);
        counter(registry, "json_bytes", "JSON handed to the Kafka client, in bytes.", feed::bytes);
        counter(registry, "retries", "Rows that were sent again.", publisher::retries);
        counter(registry, "rows_blank", "Rows in which every cell is empty.", counts::blank);
        counter(
                registry,
                "rows_not_selected",
                "Rows left out by the options.",
                counts::notSelected);
        counter(registry, "rows_rejected", "Rows that can't become JSON.", counts::rejected);
        try {
            server =
                    HTTPServer.builder()
                            .inetAddress(address.getAddress())
                            .port(address.getPort())
                            .registry(registry)
                            .buildAndStart();
        } catch (IOException e) {
            throw new UsageException(
                    "can't show metrics at %s:%d: %s"
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()));
        }
    }

    private static void counter(
            PrometheusRegistry registry, String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name("quotelake_producer_" + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsLong()))
                .register(registry);
    }

    @Override
    public void close() {
        server.close();
    }
}
