// Where each story stands on the site.
module.exports = {
  layout: "story.njk",
  permalink: (data) => `/stories/${data.page.fileSlug}/`,
};
