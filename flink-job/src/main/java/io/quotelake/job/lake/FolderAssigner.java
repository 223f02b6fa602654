package io.quotelake.job.lake;

import io.quotelake.job.quote.QuoteRow;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;

/** Each row brings its folder along. */
final class FolderAssigner implements BucketAssigner<QuoteRow, String> {

    private static final long serialVersionUID = 1L;

    @Override
    public String getBucketId(QuoteRow row, Context context) {
        return row.folder;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
        return SimpleVersionedStringSerializer.INSTANCE;
    }
}
