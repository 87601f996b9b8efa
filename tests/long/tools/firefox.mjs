// Reads the site in Firefox, over WebDriver BiDi, and prints as JSON what was seen on the way.
// Usage: node firefox.mjs INSTALLED SITE STORY
import { createRequire } from "node:module";

const [installed, site, story] = process.argv.slice(2);
const puppeteer = createRequire(`${installed}/`)("puppeteer-core");
const seen = { wrong: [], headings: {}, leaves: "" };

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: "/usr/bin/firefox-esr",
  headless: true,
});
const page = await browser.newPage();
page.on("console", (message) => seen.wrong.push(`console: ${message.text()}`));
page.on("pageerror", (error) => seen.wrong.push(`error: ${error.message}`));
page.on("request", (request) => {
  if (request.url().startsWith("http") && !request.url().startsWith(`${site}/`)) {
    seen.wrong.push(`elsewhere: ${request.url()}`);
  }
});

const heading = () => page.$eval("h1", (h1) => h1.textContent.trim());
const says = async (path) => {
  await page.goto(site + path, { waitUntil: "load" });
  seen.headings[path] = await heading();
};

for (const path of ["/", "/stories/", "/topics/alcohol/#without", "/guides/", "/cravings/", "/words/",
  "/groups-and-meetings/", "/help/", "/yours/", "/api/share", "/api/receipt"]) await says(path);

// A story: found in a list, its style there, the way out with it.
await page.goto(`${site}/stories/`);
await Promise.all([page.waitForNavigation(), page.click(`a[href="${story}"]`)]);
seen.headings.story = await heading();
seen.line = await page.$eval(".story-body p", (p) => p.textContent.slice(0, 80));
seen.font = await page.$eval("body", (body) => getComputedStyle(body).fontFamily);
seen.leaves = await page.$eval("[data-leave]", (a) => a.href);

// Search answers.
await page.goto(`${site}/search/`);
await page.type("#words", "radio");
await page.keyboard.press("Enter");
await page.waitForSelector("[data-stories] .card a");
seen.found = await page.$$eval("[data-stories] .card a", (links) => links.map((a) => a.textContent));

await browser.close();
console.log(JSON.stringify(seen));
