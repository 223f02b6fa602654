package io.quotelake.dashboard;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A page to look at: the market, the lake and the pipeline. */
@Command(
        name = "quotelake-dashboard",
        sortOptions = false,
        description =
                "Show the market, the lake and the pipeline on a page that keeps itself up to date. It only reads.")
public final class Main implements Callable<Integer> {
    @Mixin private Options options;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    private Main() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        // Else small answers wait for the browser's next packet.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.exit(
                new CommandLine(new Main())
                        .setParameterExceptionHandler(Main::wrongUse)
                        .setExecutionExceptionHandler((e, command, parsed) -> failed(e))
                        .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (Engine engine = options.engine()) {
            Charts charts = new Charts(engine);
            serve(charts, engine);
        }
        return 0;
    }

    private void serve(Charts charts, Engine engine) throws Exception {
        try (Pulse pulse = new Pulse(options, engine, charts);
                Server server = new Server(options.host(), options.port(), charts, pulse)) {
            pulse.start();
            server.start();
            System.out.println("Dashboard: " + server.address());
            new CountDownLatch(1).await();
        }
    }

    private static int wrongUse(ParameterException e, String[] args) {
        System.err.println("quotelake-dashboard: " + e.getMessage() + ". See --help");
        return 2;
    }

    private static int failed(Exception e) {
        System.err.println("quotelake-dashboard: " + UnavailableException.reason(e));
        return e instanceof IllegalArgumentException ? 2 : 1;
    }
}
