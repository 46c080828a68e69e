/** What is measured, and how it is written. */
export interface Quantity {
	title: string;
	unit: string;
	/** Digits after the decimal point. */
	digits: number;
}

export const QUANTITIES = {
	wall: { title: 'time', unit: 'ms', digits: 0 },
	perItem: { title: 'time per item', unit: 'ms', digits: 2 },
	cpu: { title: 'CPU', unit: 'ms', digits: 0 },
	cpuPerItem: { title: 'CPU per item', unit: 'ms', digits: 2 },
	memory: { title: 'memory growth', unit: 'MB', digits: 0 },
	inFlight: { title: 'maximum in flight', unit: '', digits: 0 },
	connections: { title: 'connections', unit: '', digits: 0 },
	requests: { title: 'requests', unit: '', digits: 0 },
	failed: { title: 'failed items', unit: '', digits: 0 },
	first: { title: 'first fragment', unit: 'ms', digits: 0 },
	whole: { title: 'whole answer', unit: 'ms', digits: 0 },
	speed: { title: 'speed', unit: 'MB/s', digits: 1 },
	load: { title: 'time to load', unit: 'ms', digits: 0 },
	packed: { title: 'packed', unit: 'kB', digits: 0 },
	unpacked: { title: 'unpacked', unit: 'kB', digits: 0 },
	throughput: { title: 'items per second', unit: '', digits: 1 },
} satisfies Record<string, Quantity>;

export type QuantityName = keyof typeof QUANTITIES;

/** What one measurement gave. */
export type Figures = Partial<Record<QuantityName, number>>;
