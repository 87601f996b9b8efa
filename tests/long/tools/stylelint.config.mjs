// The standard rules, but for those that speak of layout: the sheets put one thought on a line.
export default {
  extends: "stylelint-config-standard",
  reportNeedlessDisables: true,
  rules: {
    "declaration-block-single-line-max-declarations": null,
    "rule-empty-line-before": null,
    "at-rule-empty-line-before": null,
    "custom-property-empty-line-before": null,
    // A component's states stand with the component.
    "no-descending-specificity": null,
    // Old phones know no `width >= 40rem`.
    "media-feature-range-notation": "prefix",
    "alpha-value-notation": null,
    "color-hex-length": null,
    // Names of fonts.
    "value-keyword-case": ["lower", { ignoreKeywords: ["Atkinson", "Roboto"] }],
    "property-no-vendor-prefix": [true, { ignoreProperties: ["-webkit-text-size-adjust"] }],
  },
};
