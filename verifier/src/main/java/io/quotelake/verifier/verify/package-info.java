/**
 * The verifier: compares the topic, the lake and the dead letters, and names every row that is
 * missing, doubled, altered or misplaced. It knows by itself what a quote is and what row it gives,
 * and shares no code with the job.
 */
package io.quotelake.verifier.verify;
