const UNRELEASED = /^## Unreleased\n+(?=[^#\s])/m;

/** Whether the changelog tells of something that is not released yet. */
export function hasNews(changelog: string): boolean {
	return UNRELEASED.test(changelog);
}

/**
 * The changelog with what is not released yet under a version and its day.
 * @param day as YYYY-MM-DD
 * @throws Error when nothing is told of this release
 */
export function datedChangelog(changelog: string, version: string, day: string): string {
	if (!hasNews(changelog)) {
		throw new Error("CHANGELOG.md has no '## Unreleased' with something below it");
	}
	return changelog.replace(UNRELEASED, `## ${version} (${day})\n\n`);
}
