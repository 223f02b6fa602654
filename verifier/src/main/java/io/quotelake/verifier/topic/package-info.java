/**
 * Reads topics of quotes and of dead letters: committed records, who holds a transaction open, what
 * a dead letter says; and sends dead letters back.
 */
package io.quotelake.verifier.topic;
