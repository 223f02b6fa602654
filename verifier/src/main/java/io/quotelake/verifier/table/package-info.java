/**
 * A table as readers see it: its visible objects, what a part file is called, and its rows counted.
 */
package io.quotelake.verifier.table;
