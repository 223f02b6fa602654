/**
 * How a program speaks to the person or the script that started it: an error is one line and an
 * exit code, and output that can't be written is an error.
 */
package io.quotelake.terminal;
