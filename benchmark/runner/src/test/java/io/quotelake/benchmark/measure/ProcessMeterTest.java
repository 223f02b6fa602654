package io.quotelake.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProcessMeterTest {

    @Test
    void countsProcessorTimeMemoryAndDescriptorsOfAProcess() {
        try (ProcessMeter meter = new ProcessMeter(ProcessHandle.current().pid())) {
            byte[] memory = new byte[64 << 20];
            long begin = System.nanoTime();
            while (new ProcessUsage(ProcessHandle.current().pid()).cpuSeconds() < 0.2
                    || System.nanoTime() - begin < 200_000_000L) {
                Arrays.fill(memory, (byte) begin);
            }
            ProcessMeter.Used used = meter.stop();
            assertThat(used.cpuSeconds()).isPositive();
            assertThat(used.peakBytes()).isGreaterThan(memory.length);
            assertThat(used.peakDescriptors()).isPositive();
        }
    }

    @Test
    void knowsTheLimitOfDescriptors() {
        assertThat(ProcessUsage.ofThisProcess().descriptorLimit()).isGreaterThanOrEqualTo(1_000);
    }
}
