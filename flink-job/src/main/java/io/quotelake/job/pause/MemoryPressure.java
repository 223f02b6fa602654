package io.quotelake.job.pause;

import io.quotelake.s3.PartFileMemory;

/** Pauses the source while the part files of this job fill their memory in this process. */
public final class MemoryPressure implements PausableSource.Reason {

    private static final long serialVersionUID = 1L;

    @Override
    public String sentence() {
        return PartFileMemory.whyScarce();
    }

    @Override
    public long amount() {
        return PartFileMemory.PROCESS.heldBytes();
    }
}
