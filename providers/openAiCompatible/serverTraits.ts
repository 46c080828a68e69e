import { toProviderError } from '../errors';

/** Something that a server may refuse, or want, and for which a request has another way. */
export type Trait =
	| 'stream_options'
	| 'stream'
	| 'max_completion_tokens'
	| 'max_tokens'
	| 'response_format'
	/** Which kinds of content an answer may have. */
	| 'modalities'
	/** Text beside an image, among the modalities. */
	| 'text_modality'
	| 'image_config'
	/** The mark on the system message, and with it the list that it stands in. */
	| 'cache_control'
	/** Only ever wanted: the model exists only in the Responses API. */
	| 'responses'
	/** There, a summary of the reasoning. */
	| 'reasoning'
	/** The role: its text goes in front of the first user message. */
	| 'system'
	/** Refused where it was sent; where it was not, it has to go back beside tool calls (see `wants`). */
	| 'reasoning_content'
	/** Only ever wanted: OpenRouter's field for a search of the web. */
	| 'plugins'
	/** Only ever wanted: Gemini's signature of a tool call. */
	| 'thought_signature';

/** What one refusal teaches. */
export interface Lesson {
	trait: Trait;
	/** The server wants it; otherwise it refuses it. */
	isWanted: boolean;
}

/** What is known of how one model of a server has to be asked. */
export class ModelTraits {
	private readonly refused = new Set<Trait>();
	private readonly wanted = new Set<Trait>();
	private readonly onProbation = new Map<Trait, Lesson>();
	/** Fields of image requests that the model does not take. */
	readonly imageFieldsLeftOut = new Set<string>();
	/** Whether it has brought an image in a chat. */
	drawsInChat = false;

	/** Whether a request may hold it, as far as is known. */
	takes(trait: Trait): boolean {
		return !this.refused.has(trait);
	}

	/** Whether the server has asked for it. */
	wants(trait: Trait): boolean {
		return this.wanted.has(trait) && this.takes(trait);
	}

	/** What was learnt, and has not helped yet. */
	get unproven(): Lesson[] {
		return [...this.onProbation.values()];
	}

	/** Notes what a request showed. */
	note(lesson: Lesson): void {
		const known = this.setOf(lesson);
		if (!known.has(lesson.trait)) this.onProbation.set(lesson.trait, lesson);
		known.add(lesson.trait);
	}

	/** Notes what is certain, such as what a request followed that was taken. */
	prove(lesson: Lesson): void {
		this.setOf(lesson).add(lesson.trait);
		this.onProbation.delete(lesson.trait);
	}

	/** Forgets what did not help. What another request has proven since stays. */
	forget(lesson: Lesson): void {
		if (this.onProbation.delete(lesson.trait)) this.setOf(lesson).delete(lesson.trait);
	}

	private setOf({ isWanted }: Lesson): Set<Trait> {
		return isWanted ? this.wanted : this.refused;
	}
}

/**
 * What a server turned out to take and to want, model by model, kept for all requests of a run: so only the
 * first one is asked twice.
 */
export class ServerTraits {
	/** Whether the `/v1` that was added to its address was wrong. */
	isVersionWrong = false;
	/** Whether it has said why an answer ended. */
	tellsReason = false;
	private readonly models = new Map<string, ModelTraits>();
	private only: Promise<string> | undefined;

	ofModel(model: string): ModelTraits {
		const known = this.models.get(model) ?? new ModelTraits();
		this.models.set(model, known);
		return known;
	}

	/**
	 * The server's model where it lists a single one, empty otherwise. The server is asked once; where its
	 * list cannot be read, the next request asks again.
	 * @throws ProviderError when the server cannot be reached or does not accept the credentials
	 */
	async onlyModel(list: () => Promise<readonly string[]>): Promise<string> {
		this.only ??= list().then((models) => (models.length === 1 ? (models[0] ?? '') : ''));
		try {
			return await this.only;
		} catch (error) {
			this.only = undefined;
			const failure = toProviderError(error);
			const { status = 0 } = failure.details;
			const hasNoList =
				failure.kind === 'protocol' || (status >= 400 && ![401, 403].includes(status));
			if (hasNoList) return '';
			throw toProviderError(failure);
		}
	}
}
