package io.quotelake.local.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One statement of a script.
 *
 * @param text as it came, without the semicolon
 * @param bare the same text, letter for letter as long, with blanks for comments and {@code x} for
 *     what stands in quotes: where keywords and brackets can be looked for
 * @param values of its question marks, in their order
 */
public record SqlStatement(String text, String bare, List<String> values) {
    private static final String PARAMETERS = "-- Parameters: ";

    private static final Pattern READING =
            Pattern.compile(
                    "^[\\s(]*(explain\\s+(analyze\\s+)?[\\s(]*)?(select|with|values|table|show|describe)\\b.*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern DROPPING_TABLE =
            Pattern.compile("^\\s*drop\\s+table\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern CREATING_TABLE =
            Pattern.compile(
                    "^\\s*create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(?<name>[\\w\"]+)\\s+(?<with>with\\s*\\()?(?:as\\b)?",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern AS_QUERY =
            Pattern.compile(
                    "^\\s*as\\s*\\(?\\s*(select|with|values|table)\\b.*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What a statement that reads begins with. */
    static final List<String> READING_WORDS =
            List.of("SELECT", "WITH", "VALUES", "TABLE", "SHOW", "DESCRIBE", "EXPLAIN");

    /** What statements begin with that would change something, here or elsewhere. */
    static final Set<String> WRITING =
            Set.of(
                    ("ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT COPY CREATE DEALLOCATE DELETE DETACH"
                                    + " DROP EXECUTE EXPORT FORCE GRANT IMPORT INSERT INSTALL LOAD MERGE MSCK"
                                    + " OPTIMIZE PRAGMA PREPARE RENAME REPLACE RESET REVOKE ROLLBACK SET START"
                                    + " TRUNCATE UNLOAD UPDATE USE VACUUM")
                            .split(" "));

    /** A word with more changes than this was not misspelled. */
    private static final int MAX_CHANGES = 2;

    /**
     * The names of its question marks in their order, as a comment line names them: {@code --
     * Parameters: index, from, to}; none without such a line.
     */
    public List<String> parameters() {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(PARAMETERS))
                .flatMap(line -> Stream.of(line.substring(PARAMETERS.length()).split(",\\s*")))
                .toList();
    }

    /** The same with values for its question marks. */
    public SqlStatement with(QueryValues known) {
        return new SqlStatement(text, bare, parameters().stream().map(known::get).toList());
    }

    /** The word that it begins with. */
    String firstWord() {
        String[] words = bare.strip().split("[^\\w\\\\]+", 2);
        return words[0].isEmpty() ? text.strip().substring(0, 1) : words[0];
    }

    /** The keyword that was meant, if one is spelled nearly so. */
    static Optional<String> nearest(String word) {
        return READING_WORDS.stream()
                .filter(keyword -> changes(word.toUpperCase(Locale.ROOT), keyword) <= MAX_CHANGES)
                .min(
                        Comparator.comparing(
                                keyword -> changes(word.toUpperCase(Locale.ROOT), keyword)));
    }

    /** Levenshtein's distance: letters that are added, left out or replaced. */
    private static int changes(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }

    /** Cuts a script at its semicolons; what is blank or only comments is left out. */
    public static List<SqlStatement> allOf(String script) {
        String bare = bare(script);
        List<SqlStatement> statements = new ArrayList<>();
        int start = 0;
        while (start < script.length()) {
            int end = bare.indexOf(';', start);
            end = end < 0 ? script.length() : end;
            if (!bare.substring(start, end).isBlank()) {
                statements.add(
                        new SqlStatement(
                                script.substring(start, end),
                                bare.substring(start, end),
                                List.of()));
            }
            start = end + 1;
        }
        return statements;
    }

    /** Whether the script ends in the middle of a statement: a prompt asks for more then. */
    static boolean isUnfinished(String script) {
        String bare = bare(script).stripTrailing();
        return !bare.isBlank() && !bare.endsWith(";");
    }

    /** Whether it reads and does nothing else. */
    public boolean reads() {
        return READING.matcher(bare).matches();
    }

    /** Whether it drops a table. */
    boolean dropsTable() {
        return DROPPING_TABLE.matcher(bare).matches();
    }

    /** Whether it makes a table of what a query returns. */
    boolean createsTable() {
        Matcher matcher = CREATING_TABLE.matcher(bare);
        return matcher.find() && AS_QUERY.matcher(bare.substring(propertiesEnd(matcher))).matches();
    }

    /** The name of the table that it creates, quoted if it was. */
    String createdTable() {
        Matcher matcher = creation();
        return text.substring(matcher.start("name"), matcher.end("name"));
    }

    /**
     * The creation of a table without the {@code WITH (…)} that says how Athena should store it.
     */
    String withoutTableProperties() {
        Matcher matcher = creation();
        return text.substring(0, matcher.end("name"))
                + " "
                + text.substring(propertiesEnd(matcher));
    }

    private Matcher creation() {
        Matcher matcher = CREATING_TABLE.matcher(bare);
        if (!matcher.find()) {
            throw new IllegalStateException("Creates no table: " + text);
        }
        return matcher;
    }

    private int propertiesEnd(Matcher matcher) {
        if (matcher.group("with") == null) {
            return matcher.end("name");
        }
        int depth = 1;
        int position = matcher.end("with");
        while (depth > 0 && position < bare.length()) {
            char c = bare.charAt(position++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return position;
    }

    private static String bare(String sql) {
        StringBuilder bare = new StringBuilder(sql);
        int position = 0;
        while (position < sql.length()) {
            int end;
            if (sql.startsWith("--", position)) {
                end = endOf(sql, "\n", position + 2);
                blank(bare, position, end, ' ');
            } else if (sql.startsWith("/*", position)) {
                end = endOf(sql, "*/", position + 2);
                blank(bare, position, end, ' ');
            } else if (sql.charAt(position) == '\'' || sql.charAt(position) == '"') {
                end = endOf(sql, sql.substring(position, position + 1), position + 1);
                blank(bare, position, end, 'x');
            } else {
                end = position + 1;
            }
            position = end;
        }
        return bare.toString();
    }

    private static int endOf(String sql, String mark, int from) {
        int found = sql.indexOf(mark, from);
        return found < 0 ? sql.length() : found + mark.length();
    }

    private static void blank(StringBuilder text, int from, int to, char with) {
        for (int i = from; i < to; i++) {
            text.setCharAt(i, with);
        }
    }
}
