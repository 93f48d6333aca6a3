// What the function's settings name as its handler, deploy/lambda/index.handler: Lambda looks for JavaScript; Node.js 24 reads the rest.
export { handler } from './handler.ts'
