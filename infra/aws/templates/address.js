// What CloudFront does to an address on its way to the bucket: /help/ is the file /help/index.html,
// and /help leads to /help/. It keeps nothing, and looks at nothing of a request but its address.
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.charAt(uri.length - 1) === '/') {
    request.uri = uri + 'index.html';
    return request;
  }
  // Only plain words are led on: "//elsewhere.example/x" as a place to go would be another site.
  if (/^(\/[A-Za-z0-9_-]+)+$/.test(uri)) {
    return {
      statusCode: 308,
      statusDescription: 'Permanent Redirect',
      headers: { location: { value: uri + '/' } }
    };
  }
  return request;
}
