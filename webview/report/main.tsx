import { render } from 'preact';
import { CaseList } from './case-list.tsx';
import { readData } from './read-data.ts';
import './report.css';

const data = readData(document);
const root = document.getElementById('cases');
if (data && root) render(<CaseList {...data} />, root);
