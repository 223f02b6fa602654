package io.quotelake.local.process;

import java.util.List;

/** How a program is run. */
public interface ProgramCommand {

    /** The words of the command line, the program first. */
    List<String> words();
}
