import { asObject } from '../decode/json';
import type { ProviderError } from '../errors';
import { withoutQuotes } from './quotes';
import type { Lesson, ModelTraits, Trait } from './serverTraits';

/** Statuses with which servers refuse a field. */
const REFUSALS = new Set([400, 404, 415, 422, 501]);
/** Templates of a model that break on a role are reported as a fault of the server. */
const ROLE_REFUSALS = new Set([...REFUSALS, 500]);

/**
 * One request that is asked again in other ways until the server takes it. What a refusal teaches is kept
 * only if it helped: services quote the prompt in their errors, and a prompt may speak of `stream` too.
 */
export class Negotiation {
	private readonly lessons: Lesson[] = [];
	private lastRefusal: string | undefined;
	/** What the request follows without knowing whether it helps. */
	private unproven: readonly Lesson[];

	/**
	 * @param traits of the model that is asked
	 * @param texts what the user wrote, which an error may quote
	 */
	constructor(
		private readonly traits: ModelTraits,
		private readonly texts: readonly string[],
	) {
		this.unproven = traits.unproven;
	}

	/**
	 * Learns from a refusal how else to ask. Where a refusal teaches nothing, what was learnt before it and has
	 * not helped yet is forgotten. Other failures, such as a broken connection, say nothing of it.
	 * @param sent the body that was refused
	 * @param own the fields that the user put into the body: they stay there
	 * @returns whether asking again makes sense
	 */
	learn(error: ProviderError, sent: SentBody, own: SentBody = {}): boolean {
		const { serviceMessage = '', status = 0 } = error.details;
		const isSame = serviceMessage === this.lastRefusal;
		const lesson = isSame ? undefined : this.lessonOf(error, sent, own);
		const isNew = !this.lessons.some(
			({ trait, isWanted }) => trait === lesson?.trait && isWanted === lesson.isWanted,
		);
		if (lesson === undefined || !isNew) {
			if (error.kind === 'http' && (isSame || REFUSALS.has(status))) {
				for (const useless of this.unproven) this.traits.forget(useless);
			}
			return false;
		}
		this.lastRefusal = serviceMessage;
		this.lessons.push(lesson);
		this.traits.note(lesson);
		this.unproven = this.traits.unproven;
		return true;
	}

	/** Notes that the server took the request as it was asked. */
	succeed(): void {
		for (const lesson of this.unproven) this.traits.prove(lesson);
	}

	private lessonOf(error: ProviderError, sent: SentBody, own: SentBody): Lesson | undefined {
		const { status = 0, parameter = '', failedGeneration } = error.details;
		// The server rejected what the model wrote, not the format.
		if (error.kind !== 'http' || failedGeneration !== undefined) return undefined;
		if (!ROLE_REFUSALS.has(status)) return undefined;
		const text = withoutQuotes(error.details.serviceMessage ?? '', this.texts);
		if (refusesCacheMark(`${parameter} ${text}`, status, sent)) return refused('cache_control');
		if (holdsSystem(sent) && refusesSystem(text, parameter)) return refused('system');
		// llama-cpp-python reports what it does not take as a fault of its own.
		const isValidation = status === 500 && /validation error/i.test(text);
		if (!REFUSALS.has(status) && !isValidation) return undefined;
		// A field that the service names counts more than its words.
		const isOfField = FIELDS.some((field) => parameter === field);
		if (ONLY_RESPONSES.test(text) && !isOfField && !('input' in sent)) {
			return { trait: 'responses', isWanted: true };
		}
		if (mentions(`${parameter} ${text}`, 'reasoning_content')) return reasoningLesson(sent);
		if (/thought_?signature/i.test(text)) return { trait: 'thought_signature', isWanted: true };
		const trait = refusedField(text, parameter, sent, own);
		if (trait === 'modalities' && isTooMany(sent, text)) return refused('text_modality');
		return trait === undefined ? undefined : refused(trait);
	}
}

type SentBody = Readonly<Record<string, unknown>>;

/** Longer names first: `stream` is a part of `stream_options`. */
const FIELDS: readonly Trait[] = [
	'stream_options',
	'max_completion_tokens',
	'max_tokens',
	'response_format',
	'modalities',
	'image_config',
	'reasoning',
	'stream',
];
const TOKEN_FIELDS: ReadonlySet<string> = new Set<Trait>(['max_completion_tokens', 'max_tokens']);
/** Said of a number that is too high, not of a field that is not known. */
const WRONG_VALUE = /too (large|high|big)|at most|at least|exceed|less than|greater than|maximum/i;
/** What servers say when they cannot make a model write a format; the last is a router's. */
const FORMAT_REFUSAL =
	/schema|grammar|json|response.?format|additionalProperties|structured.?output|guided|parser for this template|no endpoints.*parameters/i;
const UNKNOWN_FIELD = /unknown|unrecognized|unexpected|extra|not permitted|no such/i;
/** "This model is only supported in v1/responses and not in v1/chat/completions." */
const ONLY_RESPONSES = /\bv1\/responses\b|\bresponses (api|endpoint)\b/i;
const ROLE_REFUSAL =
	/\bsystem\b.{0,40}\b(role|message|prompt|instruction)|\brole\b.{0,60}\bsystem\b|developer (instruction|message|role)|roles? must alternate|only user.{0,20}assistant/i;

function refusedField(
	text: string,
	parameter: string,
	sent: SentBody,
	own: SentBody,
): Trait | undefined {
	const isTooHigh = WRONG_VALUE.test(text);
	const fields = FIELDS.filter(
		(field) =>
			field in sent &&
			sent[field] !== false &&
			!(field in own) &&
			!(isTooHigh && TOKEN_FIELDS.has(field)),
	);
	const named = fields.find((field) => parameter === field || parameter.startsWith(`${field}.`));
	const isFormat = fields.includes('response_format') && FORMAT_REFUSAL.test(text);
	return (
		named ??
		fields.find((field) => mentions(text, field)) ??
		(isFormat ? 'response_format' : undefined)
	);
}

/** A model that only draws refuses text beside the image, not the field. */
function isTooMany({ modalities }: SentBody, text: string): boolean {
	return Array.isArray(modalities) && modalities.length > 1 && !UNKNOWN_FIELD.test(text);
}

/** Some name the mark, others want a text in the place of the list that holds it (Groq). */
function refusesCacheMark(text: string, status: number, sent: SentBody): boolean {
	const [first] = messagesOf(sent);
	const isSent = first?.['role'] === 'system' && Array.isArray(first['content']);
	return isSent && REFUSALS.has(status) && /cache_control|content.{0,80}\bstring\b/i.test(text);
}

function refusesSystem(text: string, parameter: string): boolean {
	// Of a message's place: `messages[0].role`.
	return ROLE_REFUSAL.test(text) || /^messages.*role$/.test(parameter);
}

function refused(trait: Trait): Lesson {
	return { trait, isWanted: false };
}

/** Who complains of a field that was not sent misses it. */
function reasoningLesson(sent: SentBody): Lesson {
	const wasSent = messagesOf(sent).some((message) => 'reasoning_content' in message);
	return { trait: 'reasoning_content', isWanted: !wasSent };
}

function holdsSystem(sent: SentBody): boolean {
	return messagesOf(sent).some(({ role }) => role === 'system');
}

function messagesOf({ messages }: SentBody) {
	if (!Array.isArray(messages)) return [];
	return messages.map((message) => asObject(message) ?? {});
}

/** By which servers name a field besides its name. */
const WORDS: Partial<Record<Trait, RegExp>> = {
	stream: /\bstream(ing)?\b/i,
	modalities: /\bmodalit(y|ies)\b/i,
};

function mentions(text: string, field: Trait): boolean {
	const pattern = WORDS[field] ?? new RegExp(`\\b${field}\\b`, 'i');
	return pattern.test(text);
}
