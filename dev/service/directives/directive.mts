export interface Directive {
	name: string;
	parameters: Record<string, string>;
}

/** The directives one request is answered by. Where a name stands twice, the first counts. */
export class Directives {
	constructor(readonly list: readonly Directive[] = []) {}

	find(name: string): Directive | undefined {
		return this.list.find((directive) => directive.name === name);
	}

	has(name: string): boolean {
		return this.find(name) !== undefined;
	}

	number(name: string, key: string): number | undefined {
		return numberParameter(this.find(name), key);
	}

	text(name: string, key: string): string | undefined {
		return this.find(name)?.parameters[key];
	}

	/** The first that the table has, with its entry. */
	firstIn<Entry>(table: Record<string, Entry>): { entry: Entry; directive: Directive } | undefined {
		for (const directive of this.list) {
			const entry = Object.hasOwn(table, directive.name) ? table[directive.name] : undefined;
			if (entry) return { entry, directive };
		}
		return undefined;
	}

	filter(keep: (directive: Directive) => boolean): Directives {
		return new Directives(this.list.filter(keep));
	}
}

export function numberParameter(directive: Directive | undefined, key: string): number | undefined {
	const value = directive?.parameters[key];
	return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
}
