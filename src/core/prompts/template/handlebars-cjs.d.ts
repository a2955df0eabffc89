// The same build of Handlebars that the dotprompt package imports, so that both share one copy in the bundle.
declare module 'handlebars/dist/cjs/handlebars.js' {
  import Handlebars from 'handlebars';
  export default Handlebars;
}
