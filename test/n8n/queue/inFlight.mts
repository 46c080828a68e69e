import type { LocalService } from '../../../dev/service/index.mts';

/** Answers that the service has begun and does not go on with. */
export interface HeldAnswers {
	/** Settles when so many are in flight at once. */
	reached: Promise<void>;
	release(): void;
}

/** The next answers, so many, are held after their first fragment. */
export function holdAnswers(service: LocalService, count: number): HeldAnswers {
	const holds = Array.from({ length: count }, () => service.holdAfter(1));
	return {
		reached: Promise.all(holds.map((hold) => hold.reached)).then(() => undefined),
		release: () => holds.forEach((hold) => hold.release()),
	};
}
