package io.quotelake.producer.csv;

/** What stands before the fraction of a number; the other one of the two then groups its digits. */
enum DecimalMark {
    point('.'),
    comma(',');

    private final char sign;

    DecimalMark(char sign) {
        this.sign = sign;
    }

    char sign() {
        return sign;
    }

    DecimalMark other() {
        return this == point ? comma : point;
    }
}
