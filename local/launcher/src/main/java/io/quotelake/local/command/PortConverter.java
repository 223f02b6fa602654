package io.quotelake.local.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the number of a TCP port, from 1 to 65535. */
public final class PortConverter implements ITypeConverter<Integer> {
    private static final int MAX_PORT = 65_535;

    @Override
    public Integer convert(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // It is no number: the same message.
        }
        throw new TypeConversionException(
                "'%s' is not a port from 1 to %d".formatted(value, MAX_PORT));
    }
}
