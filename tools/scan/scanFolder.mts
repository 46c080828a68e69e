import path from 'node:path';
import { ESLint } from 'eslint';

/** Untyped, and not meant to be imported: a name that TypeScript does not follow. */
const SCANNER: string = '@n8n/scan-community-package/scanner/scanner.mjs';

/** What the rules say of a folder. */
export interface ScanResult {
	files: number;
	errors: number;
	warnings: number;
	/** One line each: file, line, rule, words. */
	findings: string[];
}

/**
 * Checks a package's files by the rules of n8n's verification scan, which itself takes only published
 * packages and counts no warnings.
 * @param patterns the files, as globs below the folder
 */
export async function scanFolder(folder: string, patterns: string[]): Promise<ScanResult> {
	const { buildScanConfig } = (await import(SCANNER)) as {
		buildScanConfig(): Promise<NonNullable<ESLint.Options['overrideConfig']>>;
	};
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	return {
		files: results.length,
		errors: results.reduce((sum, { errorCount }) => sum + errorCount, 0),
		warnings: results.reduce((sum, { warningCount }) => sum + warningCount, 0),
		findings: results.flatMap((result) => findingsOf(result, folder)),
	};
}

function findingsOf({ filePath, messages }: ESLint.LintResult, folder: string): string[] {
	const file = path.relative(folder, filePath);
	return messages.map(({ line, ruleId, message }) => `${file}:${line} ${ruleId}: ${message}`);
}
