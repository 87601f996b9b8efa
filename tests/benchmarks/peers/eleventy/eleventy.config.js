// Eleventy, with no more than a forum's site needs.
const WORDS = 40;

module.exports = function (config) {
  const newestFirst = (api) => api.getFilteredByGlob("stories/*.md").sort((a, b) => b.date - a.date);
  const grouped = (stories, word) => {
    const groups = new Map();
    for (const story of stories)
      for (const label of [].concat(story.data[word])) {
        if (!groups.has(label)) groups.set(label, []);
        groups.get(label).push(story);
      }
    return groups;
  };
  const slug = (label) => label.toLowerCase().replaceAll(" ", "-");
  const pagesOf = (base, label, feed, stories) => {
    const pages = [];
    for (let first = 0; first < Math.max(1, stories.length); first += 20)
      pages.push({ heading: label, feed, stories: stories.slice(first, first + 20) });
    const address = (n) => (n ? `${base}page/${n + 1}/` : base);
    return pages.map((page, n) => ({
      ...page,
      url: address(n),
      newer: n ? address(n - 1) : "",
      older: n + 1 < pages.length ? address(n + 1) : "",
    }));
  };

  config.addCollection("newest", newestFirst);
  config.addCollection("lists", (api) => {
    const stories = newestFirst(api);
    const lists = pagesOf("/stories/", "Stories", "/feeds/stories.atom.xml", stories);
    for (const [label, of] of grouped(stories, "topics"))
      lists.push(...pagesOf(`/topics/${slug(label)}/`, label, `/feeds/topics/${slug(label)}.atom.xml`, of));
    for (const [label, of] of grouped(stories, "stage"))
      lists.push(...pagesOf(`/stages/${slug(label)}/`, label, "", of));
    return lists;
  });
  config.addCollection("feeds", (api) => {
    const stories = newestFirst(api);
    const feeds = [{ heading: "Stories", url: "/feeds/stories.atom.xml", stories: stories.slice(0, 20) }];
    for (const [label, of] of grouped(stories, "topics"))
      feeds.push({ heading: label, url: `/feeds/topics/${slug(label)}.atom.xml`, stories: of.slice(0, 20) });
    return feeds;
  });
  config.addFilter("slugged", slug);
  config.addFilter("month", (date) =>
    date.toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" }));
  config.addFilter("stamp", (date) => date.toISOString());
  config.addFilter("excerpt", (html) => {
    const words = html.replace(/<[^>]*>/g, " ").split(/\s+/).filter(Boolean);
    return words.length > WORDS ? words.slice(0, WORDS).join(" ") + "…" : words.join(" ");
  });
  return {
    dir: { input: ".", output: "output" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
  };
};
