import type { Figures, QuantityName } from '../figures.mts';
import type { Bench } from '../lab/Bench.mts';
import type { Results } from '../results.mts';

/** How much is measured: all of it, or what is done in three minutes. */
export type Scale = 'full' | 'quick';

/** Who or what is measured in a row. */
export interface Contestant {
	name: string;
	/** How much work it is, where the row shows growth. */
	size?: number;
	/** Contestants of the same series are the same at different sizes. */
	series?: string;
	/** What must have happened once before anything counts. */
	warmUp?(bench: Bench): Promise<void>;
	measure(bench: Bench): Promise<Figures>;
}

/** A line that must not be crossed. */
export interface Limit {
	/** What is limited, e.g. `AiChats, parallel 10: time ÷ the ideal 2,000 ms`. */
	what: string;
	value(results: Results): number;
	atMost?: number;
	atLeast?: number;
	/** Why it is missed, found in a profile. Only where it is known to be. */
	reason?: string;
}

/** One comparison. */
export interface Row {
	/** For `--only`. */
	name: string;
	title: string;
	/** What is done, in a sentence or two. */
	about: string;
	quantities: readonly QuantityName[];
	/** The one that the chart shows. */
	charted: QuantityName;
	/** By how much the others are told to differ from this contestant. */
	reference?: string;
	/** What `size` counts, where the row shows growth. */
	sizeUnit?: string;
	rounds(scale: Scale): number;
	contestants(bench: Bench, scale: Scale): Contestant[];
	limits(scale: Scale): Limit[];
}
