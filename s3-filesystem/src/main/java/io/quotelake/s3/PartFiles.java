package io.quotelake.s3;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the process has written to S3, and shows it as a platform MBean: a file system plugin
 * gets no metric group from Flink, and another class loader can read an MBean.
 */
final class PartFiles implements PartFilesMBean {
    static final String OBJECT_NAME = "io.quotelake.s3:type=PartFiles";

    static final AtomicLong OBJECTS_PUT = new AtomicLong();
    static final AtomicLong PARTS_UPLOADED = new AtomicLong();
    static final AtomicLong MULTIPART_UPLOADS_COMPLETED = new AtomicLong();

    private static final Logger LOG = LoggerFactory.getLogger(PartFiles.class);

    private PartFiles() {}

    static void registerMBean() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(OBJECT_NAME);
            if (!server.isRegistered(name)) {
                server.registerMBean(new PartFiles(), name);
            }
        } catch (InstanceAlreadyExistsException e) {
            LOG.debug("{} was registered by another thread", OBJECT_NAME);
        } catch (JMException e) {
            LOG.warn("No figures of part files: {} can't be registered", OBJECT_NAME, e);
        }
    }

    @Override
    public long getOpenFiles() {
        return PartFileMemory.PROCESS.openFiles();
    }

    @Override
    public long getBufferedBytes() {
        return PartFileMemory.PROCESS.heldBytes();
    }

    @Override
    public long getMaxBufferedBytes() {
        return PartFileMemory.PROCESS.maxBytes();
    }

    @Override
    public boolean isFilling() {
        return PartFileMemory.PROCESS.isFilling();
    }

    @Override
    public boolean isScarce() {
        return PartFileMemory.PROCESS.isScarce();
    }

    @Override
    public long getObjectsPut() {
        return OBJECTS_PUT.get();
    }

    @Override
    public long getPartsUploaded() {
        return PARTS_UPLOADED.get();
    }

    @Override
    public long getMultipartUploadsCompleted() {
        return MULTIPART_UPLOADS_COMPLETED.get();
    }
}
