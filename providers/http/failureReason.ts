import type { FailureReason, ProviderErrorDetails } from '../errors';

interface Rule {
	reason: FailureReason;
	/** Statuses that mean it, whatever is said. */
	statuses?: readonly number[];
	/** Codes that mean it, whatever the status. */
	codes?: RegExp;
	/** Words that mean it. */
	words?: RegExp;
	/** With which statuses the words are looked for. Error statuses of 200 answers count as 400. */
	among?: readonly number[];
}

/** The first that fits counts. Codes and words are those of the servers' own sources and documents. */
const RULES: readonly Rule[] = [
	{
		reason: 'noCredit',
		statuses: [402],
		codes:
			/^(insufficient_(user_)?quota|exceeded_current_quota_error|insufficient_balance|billing_.*|arrearage|1113)$/i,
		words:
			/insufficient[ _](account )?(balance|credits?|funds|quota)|(credit|account) balance|out of credits?|no credits? (left|remaining)|billing hard limit|in arrears|余额不足|欠费/i,
		among: [400, 403, 429],
	},
	{
		reason: 'moderation',
		codes:
			/^(content_(filter|policy_violation)|moderation_blocked|responsibleaipolicyviolation|data_?inspection_?failed|sensitive|1301)$/i,
		words:
			/content (management |usage )?polic(y|ies)|content filter|safety (system|polic|filter)|moderation|flagged|inappropriate content/i,
		among: [400, 403, 422, 451],
	},
	{
		reason: 'region',
		codes: /^unsupported_country_region_territory$/i,
		words: /(country|region|territory|location)[^.]{0,40}(not|un)[ -]?(supported|available)/i,
		among: [400, 403, 451],
	},
	{
		reason: 'contextTooLong',
		codes: /^(context_length_exceeded|exceed_context_size_error|string_above_max_length)$/i,
		words:
			/context (length|window|size)|contextwindowexceeded|maximum context|(prompt|input|request)[^.]{0,30} too long|too many (input |prompt )?tokens|max length of current question/i,
		among: [400, 413, 422, 500],
	},
	{
		reason: 'unknownModel',
		codes: /^(model_?not_?found|deploymentnotfound|(invalid|unknown)_model)$/i,
		words:
			/\bmodels?\b[^.]{0,120}(not found|do(es)? not exist|doesn't exist|not available|is not a valid|identifier is invalid|unknown|no such)|^model: \S+$|(unknown|invalid|no such|unsupported) model|no endpoints found|server is pinned to/i,
		among: [400, 404, 422],
	},
	// LiteLLM, also with status 401: the key is right, and other models answer to it.
	{ reason: 'unknownModel', codes: /^(key|team|user|org|project)_model_access_denied$/ },
	// one-api and new-api have no other word for it.
	{ reason: 'unknownModel', words: /no available channel|无可用渠道/i, among: [503] },
	{
		reason: 'wrongKey',
		statuses: [401, 403],
		words:
			/(invalid|incorrect|missing|wrong)[^.]{0,20}api[ _-]?key|api[ _-]?key[^.]{0,20}(invalid|not valid|missing)|login fail|authorization header[^.]{0,20}(missing|required)|account[^.]{0,20}(suspended|deactivated|disabled)/i,
		among: [400, 412],
	},
	{ reason: 'tooLarge', statuses: [413] },
	{ reason: 'noEndpoint', statuses: [404, 405] },
	{ reason: 'input', statuses: [400, 422] },
	{
		// Some servers answer 500 to what they cannot take, such as an image for a text model.
		reason: 'input',
		words:
			/\b(not supported|unsupported|must be|is required|invalid (value|input|parameter|request)|validation errors?)\b/i,
		among: [500],
	},
];

/** Why a service refused, as far as it can be known. Undefined for what is only a bad moment. */
export function failureReason(failure: ProviderErrorDetails): FailureReason | undefined {
	const { status = 0, code = '', parameter, serviceMessage = '', retryAfter } = failure;
	if (parameter === 'model' && [400, 404, 422].includes(status)) return 'unknownModel';
	const counted = status < 400 ? 400 : status;
	const rule = RULES.find(
		({ statuses, codes, words, among }) =>
			statuses?.includes(status) ||
			codes?.test(code) ||
			(among?.includes(counted) && words?.test(serviceMessage)),
	);
	if (rule !== undefined) return rule.reason;
	// Google says the same of a limit per minute, and then when it is renewed.
	const isUsedUp = status === 429 && retryAfter === undefined;
	return isUsedUp && /exceeded your current quota/i.test(serviceMessage) ? 'noCredit' : undefined;
}
