// esbuild collects these imports into the style sheet next to the script.
declare module '*.css';
